// What can go wrong with a call. Every message is one line, and no error carries a credential.

/**
 * The common class of this module's errors. An argument at fault is a `TypeError` or `RangeError` instead. Where a program may
 * load this package twice, `instanceof` can fail: compare `name`, which is the name of the class.
 */
export abstract class DcsError extends Error {
  override name = "DcsError";
}

/** What an answer with an error status says. */
export interface ApiFailure extends Pick<DcsApiError, "status" | "code" | "extMessage" | "requestId" | "retryAfterMs"> {
  description: string | undefined;
}

/** DCS, or the gateway in front of it, answered with an error status. */
export class DcsApiError extends DcsError {
  override name = "DcsApiError";
  /** HTTP status. Branch on this. */
  declare readonly status: number;
  /** Error code, such as `DCS.4800` or `APIGW.0301`. Not all codes are documented: treat it as opaque. */
  declare readonly code: string | undefined;
  /** What the answer says beyond its message. The reference page: "not used at present". */
  declare readonly extMessage: string | undefined;
  /** Identifies the request in a support ticket. From the body, or from `X-Request-Id`. */
  declare readonly requestId: string | undefined;
  /** Milliseconds to wait before another try, from `Retry-After`. */
  declare readonly retryAfterMs: number | undefined;

  constructor({ description, ...fields }: ApiFailure) {
    const { status, code, requestId } = fields;
    const said = [description?.replace(/[^.!?]$/, "$&."), hints[status], requestId && `(request ${requestId})`];
    const parts = [`HTTP ${status}${code === undefined ? "" : `, ${code}`}`, said.filter(Boolean).join(" ")];
    super(parts.filter(Boolean).join(": "));
    Object.assign(this, fields);
  }
}

/** What the caller can do. */
const hints: Record<number, string> = {
  401: "Renew the token, or check the keys and the clock.",
  403: "The account needs the permission dcs:instance:getDataBackupLog.",
  404: "Check instance, project and region.",
  429: "Wait before trying again.",
};

/** An answer came that cannot be used: a redirect, too large, not JSON, or a number too large to be exact. */
export class DcsResponseError extends DcsError {
  override name = "DcsResponseError";
  /** HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** No complete answer came within `timeoutMs`. */
export class DcsTimeoutError extends DcsError {
  override name = "DcsTimeoutError";
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The network failed: no connection, or one that broke. `cause` is what `fetch` threw. */
export class DcsNetworkError extends DcsError {
  override name = "DcsNetworkError";
}
