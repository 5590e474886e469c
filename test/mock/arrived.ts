// Requests as the mock receives them, and a signer that shares no code with it.

import { createHash, createHmac } from "node:crypto";
import type { Received } from "../../src/mock/received.ts";

export const at = new Date("2024-05-01T12:00:00Z");

export const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
export const hmac = (key: string, text: string) => createHmac("sha256", key).update(text).digest("hex");

/** @param headers their names in lower case */
export function received(target: string, headers: Received["headers"], given: Partial<Received> = {}): Received {
  const [path = "", search = ""] = target.split("?");
  const query = new URLSearchParams(search);
  const head = { number: 1, at, method: "GET", bodyBytes: 0, bodyHash: sha256("") };
  return { ...head, path, query, target, headers, ...given };
}
