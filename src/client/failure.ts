// What an answer with an error status says, in any of the shapes that DCS, the gateway and IAM were seen to use.

import { isLongEnough, oneLine, redactor } from "../wire/redact.ts";
import { readRetryAfter } from "../wire/retry-after.ts";
import type { ApiFailure } from "./errors.ts";
import { isObject } from "./page.ts";
import type { Answer } from "./transport.ts";

/** Never throws. */
export function readFailure({ status, headers, body, secrets }: Answer, now: Date): ApiFailure {
  const json = parse(body);
  const all = isObject(json.error) ? { ...json, ...json.error } : json;
  const redact = redactor(secrets);
  const id = (value: unknown) => text(value, redactor(secrets.filter(isLongEnough)));
  const said = text(all.error_msg) ?? text(all.message) ?? text(json.error);
  return {
    status,
    code: id(all.error_code) ?? id(all.code),
    description: said ?? (json === noJson ? plainText() : undefined),
    extMessage: text(all.error_ext_msg),
    requestId: id(json.request_id) ?? id(headers.get("x-request-id")),
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

const noJson: Record<string, unknown> = {};

function parse(body: string): Record<string, unknown> {
  try {
    const value = JSON.parse(body);
    return isObject(value) ? value : noJson;
  } catch {
    return noJson;
  }
}
