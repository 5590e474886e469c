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
  const message: string = said.find(Boolean) ?? "";
  return /^Proxy response \(407\)/.test(message) ? `${message}: HTTPS_PROXY needs credentials` : message;
}

export interface Reason {
  message: string;
  /** Such as `ECONNRESET`; empty if there is none. */
  code: string;
  /** Of the class of the error. */
  name: string;
}

export function reasonOf(error: unknown): Reason {
  const first = (key: string): string =>
    causesOf(error)
      .map((cause) => Object(cause)[key])
      .find(Boolean) ?? "";
  return { message: messageOf(error), code: String(first("code")), name: first("name") };
}
