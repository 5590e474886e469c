import { factOf, meantParameter, ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const unknownParameter: RequestRule = {
  id: "unknown-parameter",
  severity: "error",
  title: "Every query parameter is in the contract",
  source: "parameters",
  request: ofOperation(({ query }, contract) =>
    [...new Set(query.keys())]
      .filter((name) => !contract.queryParameters.includes(name))
      .map((name) => {
        const meant = meantParameter(name, contract);
        const message = `The contract has no query parameter ${name}${meant ? `: it has ${meant}` : ""}`;
        return {
          message,
          expected: meant ?? contract.queryParameters.join(", "),
          ...(meant && factOf(meant, contract)),
        };
      }),
  ),
};
