// What an answer with an error status says, in any of the shapes that DCS, the gateway and IAM were seen to use.

import { isLongEnough, oneLine, redactor } from "../wire/redact.ts";
import { readRetryAfter } from "../wire/retry-after.ts";
import type { ApiFailure } from "./errors.ts";
import type { Answer } from "./transport.ts";

/** Never throws. */
export function readFailure({ status, headers, body, secrets }: Answer, now: Date): ApiFailure {
  const json = parse(body);
  const all = isObject(json.error) ? { ...json, ...json.error } : json;
  const redact = redactor(secrets);
  const redactId = redactor(secrets.filter(isLongEnough));
  const said = text(all.error_msg) ?? text(all.message) ?? text(json.error);
  return {
    status,
    code: text(all.error_code, redactId) ?? text(all.code, redactId),
    description: said ?? (json === noJson ? plainText() : undefined),
    extMessage: text(all.error_ext_msg),
    requestId: text(json.request_id, redactId) ?? text(headers.get("x-request-id"), redactId),
    retryAfterMs: readRetryAfter(headers, now),
  };

  function text(value: unknown, hide = redact): string | undefined {
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    return oneLine(String(value), hide) || undefined;
  }

  /** Of a page of HTML its title. */
  function plainText(): string | undefined {
    const start = body.slice(0, 10_000);
    return text(/<title>([^<]*)/i.exec(start)?.[1] ?? start.replace(/<[^<>]*>/g, " "));
  }
}

type Fields = Record<string, unknown>;
const noJson: Fields = {};
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

function parse(body: string): Fields {
  try {
    const value = JSON.parse(body);
    return isObject(value) ? value : noJson;
  } catch {
    return noJson;
  }
}
