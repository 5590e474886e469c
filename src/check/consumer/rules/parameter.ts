import type { Violation } from "../../../mock/index.ts";
import type { Contract } from "../../../wire/contract.ts";
import type { Fault } from "../../model/rule.ts";
import { factOf, ofOperation, pathForm } from "../operation.ts";
import type { Received } from "../recorder.ts";
import type { ConsumerRule } from "../rule.ts";

export const parameter: ConsumerRule = {
  id: "parameter",
  severity: "error",
  title: "Every parameter is valid",
  source: "parameters",
  request: ofOperation(parameterFaults),
};

/** What Prism finds, and what it accepts by mistake: empty values, and forms that JavaScript reads as numbers. */
function parameterFaults({ violations, path, query }: Received, contract: Contract): Fault[] {
  const faults = new Map<string, Fault>();
  const isRepeated = (name: string) => query.getAll(name).length > 1; // repeated-parameter reports it
  const ids = pathForm(contract).exec(path)?.groups ?? {};
  for (const violation of violations) {
    const { in: where, name, keyword, message } = violation;
    if (keyword === "401") continue; // credentials reports it
    if (where === "path" && keyword === "required") {
      for (const [id, value] of Object.entries(ids))
        if (value === "") faults.set(id, { message: `The path has no ${id}`, ...factOf(id, contract) });
    } else if (where === undefined || name === undefined) {
      faults.set(message, { message }); // without a parameter there is no fact: only Prism's sentence
    } else if (!faults.has(name) && !(where === "query" && isRepeated(name))) {
      const actual = where === "path" ? ids[name] : query.get(name);
      faults.set(name, { message: worded(violation, contract), actual, ...factOf(name, contract) });
    }
  }
  for (const { name, schema, example } of contract.parameters.values()) {
    const value = query.get(name);
    if (value === null || faults.has(name) || isRepeated(name)) continue;
    const isWritten = schema.type === "integer" ? /^-?(0|[1-9]\d*)$/.test(value) : value !== "";
    if (isWritten) continue;
    const fault = value === "" ? "has no value" : "is not written as a decimal number";
    const message = `The query parameter ${name} ${fault}`;
    faults.set(name, { message, expected: `a value like ${example}`, actual: value, ...factOf(name, contract) });
  }
  return [...faults.values()];
}

function worded({ in: where, name, keyword, bound, message }: Violation, contract: Contract): string {
  const example = contract.parameters.get(name ?? "")?.example;
  const demands: Record<string, string> = {
    type: `be ${bound}`,
    minimum: `be >= ${bound}`,
    maximum: `be <= ${bound}`,
    pattern: `be a time in UTC, written like ${example}`, // nobody could read the pattern itself
  };
  // No parameter has another keyword so far; for one that has, Prism's sentence will do.
  return demands[keyword] ? `The ${where} parameter ${name} must ${demands[keyword]}` : message;
}
