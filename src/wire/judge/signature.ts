import type { Fault, Verdict } from "../rule.ts";
import { ofOperation } from "./path.ts";
import type { RequestRule, SentRequest } from "./rule.ts";

/** For people. */
export const signatureText = "SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<a;b;c>, Signature=<64 hexadecimal digits>";

export const signatureForm =
  /^SDK-HMAC-SHA256 Access=[^\s,]+, SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), Signature=[0-9a-f]{64}$/;

/** The format of X-Sdk-Date. */
export const timeForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

export const signature: RequestRule = {
  id: "signature",
  severity: "error",
  title: "A signature has Huawei Cloud's format and covers X-Sdk-Date",
  source: "security.signature",
  request: ofOperation(signatureFaults),
};

function signatureFaults({ headers }: SentRequest): Verdict {
  const { authorization } = headers;
  if (!authorization) return undefined;
  const signed = signatureForm.exec(String(authorization))?.[1]?.split(";");
  return signed
    ? signedFaults(headers, signed)
    : [{ message: "Authorization is not a signature", expected: signatureText }];
}

/** @param signed names of the signed headers, in lower case */
export function signedFaults(headers: SentRequest["headers"], signed: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const date = headers["x-sdk-date"];
  if (typeof date !== "string" || !timeForm.test(date)) {
    const message = date === undefined ? "The request has no X-Sdk-Date" : "X-Sdk-Date is not a time";
    faults.push({ message, expected: "YYYYMMDDTHHMMSSZ", ...(date !== undefined && { actual: date }) });
  }
  if (!signed.includes("x-sdk-date"))
    faults.push({ message: "X-Sdk-Date is not signed", expected: "x-sdk-date among SignedHeaders" });
  const missing = signed.filter((name) => !isSent(headers, name) && name !== "x-sdk-date");
  if (missing.length > 0) faults.push({ message: `Signed but not sent: ${missing.join(", ")}` });
  return faults;
}

/** SignedHeaders may name anything, `constructor` too. */
const isSent = (headers: SentRequest["headers"], name: string) =>
  Object.hasOwn(headers, name) && headers[name] !== undefined;
