import { type Parameter, parameters } from "../../model/contract.ts";
import type { Fault } from "../../model/rule.ts";
import { factOf, ofOperation } from "../operation.ts";
import type { Received } from "../recorder.ts";
import type { ConsumerRule } from "../rule.ts";

export const parameter: ConsumerRule = {
  id: "parameter",
  severity: "error",
  title: "Every parameter is as the contract says",
  source: "parameters",
  request: ofOperation(parameterFaults),
};

/** What Prism finds, and what it lets pass: values that JavaScript would turn into numbers, and no value at all. */
function parameterFaults({ violations, query }: Received): Fault[] {
  const faults = new Map<string, Fault>();
  const isRepeated = (name: string) => query.getAll(name).length > 1; // repeated-parameter says so
  for (const { location, code, message } of violations) {
    const [, where = "", place] = location;
    const parameter = parameters.find(({ name }) => name === place || message.includes(`'${name}'`));
    const name = parameter?.name ?? String(place);
    if (faults.has(name) || (where === "query" && isRepeated(name))) continue;
    const fact = factOf(where, name);
    if (code === "required") faults.set(name, { message: `The ${where} has no ${name}`, ...fact });
    else faults.set(name, { message: worded(message, parameter), actual: query.get(name), ...fact });
  }
  for (const { name, schema, example } of parameters) {
    const value = query.get(name);
    if (value === null || faults.has(name) || isRepeated(name)) continue;
    const isWritten = schema.type === "integer" ? /^-?(0|[1-9]\d*)$/.test(value) : value !== "";
    if (isWritten) continue;
    const fault = value === "" ? "has no value" : "is not written as a decimal number";
    const message = `The query parameter ${name} ${fault}`;
    faults.set(name, { message, expected: `a value like ${example}`, actual: value, ...factOf("query", name) });
  }
  return [...faults.values()];
}

/** Prism's words, but for the pattern of a time, which nobody could read. */
const worded = (message: string, parameter: Parameter | undefined) =>
  message
    .replace(/^Request /, "The ")
    .replace(/must match pattern .*/s, `must be a time in UTC, written like ${parameter?.example}`);
