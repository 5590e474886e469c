// What is held against a consumer: rules on each request that it sends, and on its run as a whole.

import type { Parameter } from "../../../generated/contract.ts";
import { baseContract } from "../../wire/contract.ts";
import { type Fault, fine, type RuleHead, type Verdict } from "../model/rule.ts";
import type { Ended } from "./command.ts";
import type { Received } from "./recorder.ts";

export interface ConsumerRun {
  ended: Ended;
  /** What was run, without its arguments. */
  command: string;
  /** How many requests came. */
  requests: number;
}

export type ConsumerRule = RuleHead &
  ({ request: (request: Received) => Verdict } | { run: (run: ConsumerRun) => Verdict });

/** Applied only where a suite asks for it. */
export const success: ConsumerRule = {
  id: "success",
  severity: "error",
  title: "No request is answered with a 4xx or 5xx (--require-success)",
  source: "status.200",
  request: ({ status = 0 }) =>
    status >= 400 ? [{ message: `Answered with HTTP ${status}`, expected: "200", actual: status }] : fine,
};

export const consumerRules: readonly ConsumerRule[] = [
  // Whether there was anything to judge.
  {
    id: "started",
    severity: "error",
    blocks: true,
    title: "The command can be started",
    source: "the check itself",
    run: ({ ended, command }) =>
      ended.failure === undefined ? fine : [{ message: `${command} could not be started: ${ended.failure}` }],
  },
  {
    id: "finished",
    severity: "error",
    blocks: true,
    title: "The command is not interrupted",
    source: "the check itself",
    run({ ended: { failure, stoppedBy } }) {
      if (failure !== undefined) return undefined;
      return stoppedBy ? [{ message: `The command was stopped by ${stoppedBy} before its end` }] : fine;
    },
  },
  {
    id: "requested",
    severity: "error",
    blocks: true,
    title: "The command sends requests",
    source: "the check itself",
    run({ ended: { failure, stoppedBy }, requests }) {
      if (failure !== undefined || stoppedBy) return undefined;
      if (requests > 0) return fine;
      return [{ message: "No request came: the command must send them to the URL in DCS_ENDPOINT", actual: requests }];
    },
  },
  {
    id: "mock",
    severity: "error",
    blocks: true,
    title: "The mock judges every request",
    source: "the check itself",
    request: ({ mockFault, httpFault }) =>
      httpFault !== undefined ? undefined : mockFault === undefined ? fine : [{ message: mockFault }],
  },
  {
    id: "command",
    severity: "error",
    title: "The command succeeds",
    source: "the check itself",
    run({ ended: { failure, stoppedBy, code, signal } }) {
      if (failure !== undefined || stoppedBy) return undefined;
      if (code === 0) return fine;
      const end = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      return [{ message: `The command ${end}`, expected: "exit code 0", actual: signal ?? code }];
    },
  },

  // What it asks for.
  {
    id: "http",
    severity: "error",
    title: "Every request is HTTP/1.1, and names its host",
    source: "RFC 9112, section 3",
    request({ httpFault, headers }) {
      if (httpFault !== undefined) return [{ message: httpFault }];
      return headers.host === undefined ? [{ message: "The request has no header Host" }] : fine;
    },
  },
  {
    id: "operation",
    severity: "error",
    title: "Every request has a method and a path that the contract has",
    source: "uri",
    request({ method, path, httpFault }) {
      if (httpFault !== undefined) return undefined;
      const expected = `GET ${pathTemplate}`;
      if (method !== "GET") return [{ message: `The contract has no method ${method}`, expected, actual: method }];
      if (pathForm.test(path)) return fine;
      const hasExtraSlash = pathForm.test(path.replace(/\/+/g, "/").replace(/\/$/, ""));
      const hint = hasExtraSlash ? ": it has a slash too many" : "";
      return [{ message: `The contract has no such path${hint}`, expected, actual: path }];
    },
  },
  {
    id: "parameter",
    severity: "error",
    title: "Every parameter is as the contract says",
    source: "parameters",
    request: ofOperation(parameterFaults),
  },
  {
    id: "unknown-parameter",
    severity: "error",
    title: "Every query parameter is one that the contract has",
    source: "parameters",
    request: ofOperation(({ query }) =>
      [...new Set(query.keys())]
        .filter((name) => !queryParameters.includes(name))
        .map((name) => {
          const meant = meantParameter(name);
          const message = `The contract has no query parameter ${name}${meant ? `: it has ${meant}` : ""}`;
          return { message, expected: meant ?? queryParameters.join(", "), ...(meant && factOf("query", meant)) };
        }),
    ),
  },
  {
    id: "repeated-parameter",
    severity: "error",
    title: "No query parameter is given twice",
    source: "parameters",
    request: ofOperation(({ query }) =>
      queryParameters
        .filter((name) => query.getAll(name).length > 1)
        .map((name) => {
          const values = query.getAll(name);
          const message = `The query parameter ${name} is given ${values.length} times`;
          return { message, expected: "at most once", actual: values, ...factOf("query", name) };
        }),
    ),
  },
  {
    id: "placeholder",
    severity: "warning",
    title: "No ID and no token is a placeholder that was left unfilled",
    source: "parameters",
    request: ofOperation(({ path, headers }) => {
      const ids = pathForm.exec(path)?.groups ?? {};
      const faults: Fault[] = Object.entries(ids)
        .filter(([, id]) => isPlaceholder(id))
        .map(([name, id]) => ({ message: `The ${name} looks unfilled`, actual: id, ...factOf("path", name) }));
      if (isPlaceholder(String(headers["x-auth-token"] ?? "")))
        faults.push({ message: "The token in X-Auth-Token looks unfilled", source: "security.token" });
      return faults;
    }),
  },

  // Who asks, and how.
  {
    id: "credentials",
    severity: "error",
    title: "Every request has credentials",
    source: "security",
    request: ofOperation(({ headers }) =>
      headers["x-auth-token"] || headers.authorization
        ? fine
        : [{ message: "The request has no credentials", expected: "X-Auth-Token, or a signature in Authorization" }],
    ),
  },
  {
    id: "signature",
    severity: "error",
    title: "A signature has the form that Huawei Cloud reads, and covers its time",
    source: "security.signature",
    request: ofOperation(signatureFaults),
  },
  {
    id: "signing-time",
    severity: "warning",
    title: "A signature is made at most 15 minutes before or after it is sent",
    source: "security.signature",
    request: ofOperation(({ headers, at }) => {
      const [, ...parts] = signingTime.exec(String(headers["x-sdk-date"] ?? "")) ?? [];
      if (!headers.authorization || parts.length === 0) return undefined;
      const [year, month, day, hour, minute, second] = parts.map(Number) as [number, ...number[]];
      const minutes = (Date.UTC(year, (month ?? 0) - 1, day, hour, minute, second) - at.getTime()) / 60_000;
      if (Math.abs(minutes) <= 15) return fine;
      const message = `X-Sdk-Date is ${Math.abs(Math.round(minutes))} minutes ${minutes > 0 ? "ahead" : "ago"}`;
      return [{ message, expected: "the present time, in UTC", actual: headers["x-sdk-date"] }];
    }),
  },
  {
    id: "body",
    severity: "error",
    title: "No request has a body",
    source: "RFC 9110, section 9.3.1",
    request: ofOperation(({ bodyBytes }) =>
      bodyBytes === 0 ? fine : [{ message: `The request has a body of ${bodyBytes} bytes`, expected: "none" }],
    ),
  },
  {
    id: "accept",
    severity: "error",
    title: "Every request accepts JSON",
    source: "status.200.body",
    request: ofOperation(({ status }) =>
      status === 406
        ? [{ message: "The header Accept rules out what is answered", expected: "application/json" }]
        : fine,
    ),
  },
  success,
];

const { queryParameters } = baseContract;
const parameters = [...baseContract.parameters.values()];
const pathTemplate = baseContract.operation.path;
const pathForm = new RegExp(`^${pathTemplate.replace(/{(\w+)}/g, "(?<$1>[^/]*)")}$`);
const signatureForm =
  /^SDK-HMAC-SHA256 Access=[^\s,]+, SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), Signature=[0-9a-f]{64}$/;
const signingTime = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** A rule on requests that have the contract's method and path. */
function ofOperation(rule: (request: Received) => Verdict): (request: Received) => Verdict {
  return (request) => (request.method === "GET" && pathForm.test(request.path) ? rule(request) : undefined);
}

/** The fact on a parameter in spec/reference.yaml. */
function factOf(where: string, name: string): { source?: string } {
  const fact = `${where}.${name}`;
  return fact in baseContract.facts ? { source: fact } : {};
}

/** The parameter that a name is another spelling of. */
export function meantParameter(name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  return queryParameters.find((known) => plain(known) === plain(name));
}

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

function isPlaceholder(value: string): boolean {
  return /^(undefined|null|none|nan|\[object Object\]|%7B.*%7D|\{.*\}|%3C.*%3E|<.*>|\$.*|:[a-z_]+)$/i.test(value);
}

function signatureFaults({ headers }: Received): Verdict {
  const { authorization, "x-sdk-date": date } = headers;
  if (!authorization) return undefined;
  const signed = signatureForm.exec(authorization)?.[1]?.split(";");
  if (!signed) {
    const expected = "SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<a;b;c>, Signature=<64 hexadecimal digits>";
    return [{ message: "Authorization is not a signature", expected }];
  }
  const faults: Fault[] = [];
  if (typeof date !== "string" || !signingTime.test(date)) {
    const message = date === undefined ? "The request has no X-Sdk-Date" : "X-Sdk-Date is not the time of signing";
    faults.push({ message, expected: "YYYYMMDDTHHMMSSZ", ...(date !== undefined && { actual: date }) });
  }
  if (!signed.includes("x-sdk-date"))
    faults.push({ message: "X-Sdk-Date is not signed", expected: "x-sdk-date among SignedHeaders" });
  const missing = signed.filter((name) => headers[name] === undefined && name !== "x-sdk-date");
  if (missing.length > 0) faults.push({ message: `Signed, and not sent: ${missing.join(", ")}` });
  return faults;
}
