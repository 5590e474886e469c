import { type Fault, fine } from "../rule.ts";
import { ofOperation } from "./path.ts";
import type { RequestRule, SentRequest } from "./rule.ts";
import { timeForm } from "./signature.ts";

export const signingTime: RequestRule = {
  id: "signing-time",
  severity: "warning",
  title: "X-Sdk-Date is within 15 minutes of the time of the request",
  source: "security.signature",
  request: ofOperation((request) => {
    const { authorization, "x-sdk-date": date } = request.headers;
    if (!authorization || !timeForm.test(String(date))) return undefined;
    const fault = timeFault(request);
    return fault ? [fault] : fine;
  }),
};

/** What is wrong with the time of a request that has one. */
export function timeFault({ headers, at }: Pick<SentRequest, "headers" | "at">): Fault | undefined {
  const date = String(headers["x-sdk-date"]);
  const [, ...parts] = timeForm.exec(date) ?? [];
  const [year, month, day, hour, minute, second] = parts.map(Number) as [number, ...number[]];
  const minutes = (Date.UTC(year, (month ?? 0) - 1, day, hour, minute, second) - at.getTime()) / 60_000;
  if (Math.abs(minutes) <= 15) return undefined;
  const message = `X-Sdk-Date is ${Math.abs(Math.round(minutes))} minutes ${minutes > 0 ? "in the future" : "in the past"}`;
  return { message, expected: "the current time, in UTC", actual: date };
}
