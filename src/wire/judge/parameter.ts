import type { Parameter } from "../../../generated/contract.ts";
import type { Contract } from "../contract.ts";
import type { Fault } from "../rule.ts";
import { isTime } from "../time.ts";
import { factOf, idsIn, ofOperation } from "./path.ts";
import type { RequestRule, SentRequest } from "./rule.ts";

export const parameter: RequestRule = {
  id: "parameter",
  severity: "error",
  title: "Every parameter is valid",
  source: "parameters",
  request: ofOperation(parameterFaults),
};

/** A parameter of another validator's finding is told in its words only if this rule sees nothing wrong with it. */
function parameterFaults({ path, query, found = [] }: SentRequest, contract: Contract): Fault[] {
  const ids = idsIn(path, contract) ?? {};
  const faults = new Map<string, Fault>();
  for (const parameter of contract.parameters.values()) {
    const { name } = parameter;
    const isRepeated = query.getAll(name).length > 1; // repeated-parameter reports it
    const value = parameter.in === "path" ? ids[name] : parameter.in === "query" ? query.get(name) : null;
    const fault = isRepeated || typeof value !== "string" ? missing(parameter, value) : faultOf(parameter, value);
    if (fault) faults.set(name, { ...fault, ...factOf(name, contract) });
  }
  for (const { in: where, name, message } of found) {
    const isSeen = name === undefined ? faults.size > 0 : faults.has(name) || query.getAll(name).length > 1;
    if (!isSeen) faults.set(name ?? message, { message, ...(where && name && factOf(name, contract)) });
  }
  return [...faults.values()];
}

const missing = ({ in: where, name, required }: Parameter, value: string | null | undefined): Fault | undefined =>
  required && where === "query" && value === null ? { message: `The query parameter ${name} is missing` } : undefined;

function faultOf(parameter: Parameter, sent: string): Fault | undefined {
  const { in: where, name, example } = parameter;
  const expected = `a value like ${example}`;
  if (sent === "" && where === "path") return { message: `The path has no ${name}`, expected, actual: sent };
  const value = where === "path" ? decoded(sent) : sent;
  const problem = value === undefined ? "has a % that begins no escape" : problemOf(parameter, value);
  return problem === undefined
    ? undefined
    : { message: `The ${where} parameter ${name} ${problem}`, expected, actual: sent };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };

/** What is wrong with a value, after the name of its parameter. */
export function problemOf({ schema, example }: Parameter, value: string): string | undefined {
  const { type, format, minimum, maximum, pattern, minLength, maxLength, enum: values } = schema;
  if (value === "" && minLength !== 0) return "has no value";
  if (type === "integer") {
    if (!/^-?(0|[1-9]\d*)$/.test(value)) return "must be an integer in decimal digits";
    const number = Number(value);
    if (minimum !== undefined && number < minimum) return `must be >= ${minimum}`;
    if (maximum !== undefined && number > maximum) return `must be <= ${maximum}`;
    const fits = format !== "int32" || (number >= int32.least && number <= int32.most);
    return fits ? undefined : `must be from ${int32.least} to ${int32.most}`;
  }
  if (values !== undefined && !values.includes(value)) return `must be one of ${values.join(", ")}`;
  if (minLength !== undefined && value.length < minLength) return `must have at least ${minLength} characters`;
  if (maxLength !== undefined && value.length > maxLength) return `must have at most ${maxLength} characters`;
  if (pattern === undefined || new RegExp(pattern, "u").test(value)) return undefined;
  return isTime(String(example)) ? "must be a time in UTC, written yyyyMMddHHmmss" : `must match ${pattern}`;
}
