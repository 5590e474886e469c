import { factOf, ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const repeatedParameter: RequestRule = {
  id: "repeated-parameter",
  severity: "error",
  title: "No query parameter is given twice",
  source: "parameters",
  request: ofOperation(({ query }, contract) =>
    contract.queryParameters
      .filter((name) => query.getAll(name).length > 1)
      .map((name) => {
        const values = query.getAll(name);
        const message = `The query parameter ${name} is given ${values.length} times`;
        return { message, expected: "at most one value", actual: values, ...factOf(name, contract) };
      }),
  ),
};
