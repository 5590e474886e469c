// How long an answer asks to wait before the next request.

/** `Retry-After` in milliseconds, whether it has seconds or a date. */
export function readRetryAfter(headers: { get(name: string): string | null }, now: Date): number | undefined {
  const value = headers.get("retry-after") ?? "";
  const date = /^[A-Z]/i.test(value) ? Date.parse(value) : Number.NaN; // else JavaScript reads "1.5" as a date
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : date - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
