// Times as the contract's query parameters write them.

import { patterns } from "../../generated/contract.ts";

const pattern = new RegExp(patterns.begin_time ?? "");

/** Whether a text is a time as the contract writes it: `yyyyMMddHHmmss`. */
export const isTime = (text: string): boolean => pattern.test(text);

/**
 * A `Date` as `yyyyMMddHHmmss` in UTC; a string as it is, if it is written so.
 * @throws {TypeError} that names the argument, if it is neither
 * @throws {RangeError} that names the argument, if it is an invalid Date, of a year outside 0 to 9999, or written otherwise
 */
export function formatTime(argument: string, time: Date | string): string {
  const isDate = typeof (time as Date)?.getTime === "function"; // also one of another realm
  const text = isDate ? writeTime(time as Date) : time;
  if (typeof text === "string" && isTime(text)) return text;
  const Fault = isDate || typeof time === "string" ? RangeError : TypeError;
  const what = isDate ? "this Date" : Fault === TypeError ? typeof time : JSON.stringify(time);
  throw new Fault(`${argument} must be a Date of the years 0 to 9999, or in UTC yyyyMMddHHmmss, not ${what}`);
}

/** Without a check: empty for an invalid Date, and with a sign for a year that does not have four digits. */
export const writeTime = (time: Date): string => (time.toJSON() ?? "").replace(/[-T:]|\.\d+Z/g, "");
