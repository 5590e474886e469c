// What an answer with an error status says, in any of the shapes that DCS, the gateway and IAM were seen to use.

import type { ApiFailure } from "./errors.ts";
import { readRetryAfter } from "./retry.ts";

/** Never throws. */
export function readFailure(status: number, headers: Headers, body: string, now: Date): ApiFailure {
  const json = parse(body);
  const inner = isObject(json.error) ? json.error : json;
  return {
    status,
    code: text(inner.error_code ?? inner.code),
    description:
      text(inner.error_msg ?? inner.message ?? json.error) ?? (json === noJson ? plainText(body) : undefined),
    extMessage: text(inner.error_ext_msg),
    requestId: text(json.request_id) ?? text(headers.get("x-request-id")),
    retryAfterMs: readRetryAfter(headers, now),
  };
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

/** A string or number as one line of at most 300 characters. */
function text(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const line = String(value)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  if (line === "") return undefined;
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** Of a page of HTML its title. */
const plainText = (body: string) => text(/<title>([^<]*)/i.exec(body)?.[1] ?? body.replace(/<[^>]*>/g, " "));
