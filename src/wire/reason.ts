// Why a request failed. Each runtime says it at another depth: "fetch failed" has a cause, which may have causes of its own.

/** An error and its causes, the deepest first; of several that failed together the first counts. */
function causesOf(error: unknown, depth = 0): unknown[] {
  const { cause, errors } = Object(error);
  const inner = cause ?? errors?.[0];
  return [...(inner === undefined || depth > 9 ? [] : causesOf(inner, depth + 1)), error];
}

/** What the deepest error says that says anything. */
export function messageOf(error: unknown): string {
  const said = causesOf(error).map((cause) => Object(cause).message ?? (Object(cause) === cause ? "" : String(cause)));
  const message = String(said.find(Boolean) ?? "");
  return /^Proxy response \(407\)/.test(message) ? `${message}: HTTPS_PROXY needs credentials` : message;
}

export interface Reason {
  message: string;
  /** Such as `ECONNRESET`; empty if there is none. */
  code: string;
  /** Of the class of the error. */
  name: string;
  /** What the parser of HTTP in Node stopped at, if it did: the answer from there on. */
  data?: string;
}

export function reasonOf(error: unknown): Reason {
  const causes = causesOf(error).map((cause): Record<string, unknown> => Object(cause));
  const first = (key: string) => causes.map((cause) => cause[key]).find((value) => typeof value === "string" && value);
  const data = first("data");
  return {
    message: messageOf(error),
    code: String(first("code") ?? ""), // that of a DOMException is a number
    name: String(first("name") ?? ""),
    ...(typeof data === "string" && { data }),
  };
}
