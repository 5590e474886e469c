import { fine } from "../rule.ts";
import { ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";
import { timeForm } from "./signature.ts";

export const signingTime: RequestRule = {
  id: "signing-time",
  severity: "warning",
  title: "X-Sdk-Date is within 15 minutes of the time of the request",
  source: "security.signature",
  request: ofOperation(({ headers, at }) => {
    const [, ...parts] = timeForm.exec(String(headers["x-sdk-date"] ?? "")) ?? [];
    if (!headers.authorization || parts.length === 0) return undefined;
    const [year, month, day, hour, minute, second] = parts.map(Number) as [number, ...number[]];
    const minutes = (Date.UTC(year, (month ?? 0) - 1, day, hour, minute, second) - at.getTime()) / 60_000;
    if (Math.abs(minutes) <= 15) return fine;
    const message = `X-Sdk-Date is ${Math.abs(Math.round(minutes))} minutes ${minutes > 0 ? "in the future" : "in the past"}`;
    return [{ message, expected: "the current time, in UTC", actual: headers["x-sdk-date"] }];
  }),
};
