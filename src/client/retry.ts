// Whether to try again, and when. Huawei's own advice: 408 and 429 may be retried, 429 after `Retry-After`; 400, 403, 404,
// 405 and 503 mean "change the request". A 401 is never retried, since more than five failures in a row lock a key.

export interface RetryPolicy {
  /** How often to try again. Default: 3 */
  limit?: number;
  /** Upper bound of the first wait, in milliseconds; it doubles with each try. Default: 500 */
  baseDelayMs?: number;
  /** Upper bound of every wait, in milliseconds. Default: 10 000 */
  maxDelayMs?: number;
  /** Longest wait that a `Retry-After` can ask for, in milliseconds. Default: 60 000 */
  maxRetryAfterMs?: number;
}

export const defaultRetry = { limit: 3, baseDelayMs: 500, maxDelayMs: 10_000, maxRetryAfterMs: 60_000 };

/**
 * Milliseconds to wait before the next try, or undefined if there is to be none.
 * @param tries so far, so 1 after the first
 * @param status of the answer, or undefined if the network failed
 * @param random from 0 to 1: the wait is that part of its upper bound ("full jitter")
 */
export function retryDelay(
  { limit, baseDelayMs, maxDelayMs, maxRetryAfterMs }: Required<RetryPolicy>,
  tries: number,
  status: number | undefined,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  const asksToWait = retryAfterMs !== undefined;
  const isPassing =
    status === undefined || [408, 429, 500, 502, 504].includes(status) || (status === 503 && asksToWait);
  if (!isPassing || tries > limit) return undefined;
  return asksToWait
    ? Math.min(retryAfterMs, maxRetryAfterMs)
    : random * Math.min(maxDelayMs, baseDelayMs * 2 ** (tries - 1));
}
