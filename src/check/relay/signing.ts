// Signed requests: a signature covers the host that the client saw, and the service is another one. What the client signed as it
// should is signed anew, with the same keys; of the request only the signature changes.

import type { IncomingMessage } from "node:http";
import type { Received } from "../../mock/received.ts";
import { declaredHash, readSigned, sha256, signatureOf, unsigned } from "../../mock/signed-request.ts";
import { isSignature, type Refusal, readAuthorization, verifySignature } from "../../mock/verify.ts";
import type { KeyCredentials } from "../../wire/credentials.ts";

/** What the service sees instead. */
export interface Destination {
  host: string;
  /** Path and query. */
  target: string;
}

export const isSigned = ({ headers }: IncomingMessage): boolean => isSignature(headers.authorization ?? "");

/** Whether its signature can be told without its body. */
export const isBodySigned = (request: IncomingMessage): boolean =>
  declaredHash(received(request, "", Buffer.alloc(0))) !== unsigned;

/** Whether the service gets what was signed. */
export function coversOther({ headers }: IncomingMessage, target: string, destination: Destination): boolean {
  const given = readAuthorization(headers.authorization ?? "");
  const names = typeof given === "string" ? "" : given.signedHeaders.toLowerCase();
  const isHostSigned = names.split(";").includes("host");
  return target !== destination.target || (isHostSigned && headers.host !== destination.host);
}

/** Whether it was made with this pair of keys, as far as it says so itself. */
export function isOfKeys({ headers }: IncomingMessage, { accessKey }: KeyCredentials): boolean {
  const given = readAuthorization(headers.authorization ?? "");
  return typeof given === "string" || given.accessKey === accessKey;
}

/**
 * The header Authorization for the service, or why it would refuse the one that the client sent.
 * @param target path and query, as the client signed them
 */
export function signAnew(
  request: IncomingMessage,
  target: string,
  body: Buffer,
  keys: KeyCredentials,
  destination: Destination,
): { authorization: string } | { refusal: Refusal } {
  const { authorization = "" } = request.headers;
  const sent = received(request, target, body);
  const refusal = verifySignature(sent, authorization, keys, "the relay");
  if (refusal) return { refusal };
  const given = readAuthorization(authorization);
  if (typeof given === "string") return { refusal: { reason: given, explanation: [] } };
  const headers = { ...sent.headers, host: destination.host };
  const signed = readSigned({ ...sent, headers, target: destination.target }, given, keys);
  if (!signed) return { refusal: { reason: "The path of the service has a broken escape", explanation: [] } };
  return { authorization: authorization.replace(given.signature, signatureOf(signed.signing)) };
}

/** As whoever verifies it sees it. */
function received({ method = "", headers }: IncomingMessage, target: string, body: Buffer): Received {
  const [path = "", search = ""] = target.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const bodyHash = sha256(body);
  return { number: 1, at: new Date(), method, path, query, target, headers, bodyBytes: body.length, bodyHash };
}
