// Why a request failed. Each runtime says it at another depth: "fetch failed" has a cause, which may have causes of its own.

export interface Reason {
  message: string;
  /** Such as `ECONNRESET`; empty if there is none. */
  code: string;
  /** Of the class of the error. */
  name: string;
  /** What the parser of HTTP in Node stopped at, if it did: the answer from there on. */
  data?: string;
}

/** The deepest error in the chain of causes that says or names anything; of several that failed together the first. */
export function reasonOf(error: unknown, depth = 0): Reason {
  const { message, code, name, data, cause, errors } = Object(error);
  const own = {
    message: hinted(String(message ?? error)),
    code: typeof code === "string" ? code : "", // DOMException has a number
    name: String(name ?? ""),
    ...(typeof data === "string" && { data }),
  };
  const inner = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  if (inner === undefined || depth > 10) return own;
  const deeper = reasonOf(inner, depth + 1);
  const isTold = deeper.message !== "" && deeper.message !== "[object Object]";
  return { ...deeper, message: isTold ? deeper.message : own.message, code: deeper.code || own.code };
}

const hinted = (message: string) =>
  /^Proxy response \(407\)/.test(message)
    ? `${message}: the proxy wants credentials, as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`
    : message;
