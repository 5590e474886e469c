// Verifies the credentials of a request, a signature too, and explains a refusal. Neither says anything of a secret.

import type { Credentials, KeyCredentials } from "../wire/credentials.ts";
import { signatureText, signedFaults } from "../wire/judge/signature.ts";
import { timeFault } from "../wire/judge/signing-time.ts";
import { cut, isLongEnough, isSecretHeader, oneLine, type Redact, redactor } from "../wire/redact.ts";
import { algorithm } from "../wire/signature-algorithm.ts";
import type { Received } from "./received.ts";
import {
  type Authorization,
  canonicalRequest,
  declaredHash,
  headerOf,
  readSigned,
  type Signing,
  signatureOf,
  stringToSign,
  unsigned,
} from "./signed-request.ts";
import { findMistakes } from "./signing-mistakes.ts";

export interface Refusal {
  reason: string;
  /** A line each, without secrets. */
  explanation: readonly string[];
}

export function verify(request: Received, credentials: Credentials): Refusal | undefined {
  const token = headerOf(request, "x-auth-token");
  const authorization = headerOf(request, "authorization");
  if ("token" in credentials) return verifyToken(credentials.token, token, authorization);
  if (authorization !== undefined) return verifySignature(request, authorization, credentials, "the mock");
  return refuse(
    token === undefined
      ? "Authorization is missing: the mock expects a signature"
      : "A token was sent, but the mock expects a signature in Authorization",
  );
}

const refuse = (reason: string, explanation: readonly string[] = []): Refusal => ({ reason, explanation });

function verifyToken(token: string, sent?: string, authorization?: string): Refusal | undefined {
  if (sent === token) return undefined;
  if (sent?.includes(token)) return refuse("X-Auth-Token has more than the token that the mock accepts");
  if (sent !== undefined) return refuse("X-Auth-Token has another token than the mock accepts");
  if (authorization === undefined) return refuse("X-Auth-Token is missing: the mock expects a token");
  return refuse(
    isSignature(authorization)
      ? "A signature was sent, but the mock expects a token in X-Auth-Token"
      : "X-Auth-Token is missing: the mock expects a token there, and not in Authorization",
  );
}

/** @param who accepts these keys, for the reason */
export function verifySignature(
  request: Received,
  authorization: string,
  key: KeyCredentials,
  who: string,
): Refusal | undefined {
  const given = readAuthorization(authorization);
  if (typeof given === "string") return refuse(given);
  if (given.accessKey !== key.accessKey) return refuse(`The access key is another one than ${who} accepts`);
  const names = given.signedHeaders.toLowerCase().split(";");
  const [fault = timeFault(request)] = signedFaults(request.headers, names);
  if (fault) {
    const { message, expected } = fault;
    return refuse(
      `${oneLine(message, redactorOf(request, key))}${expected === undefined ? "" : `. Expected is ${expected}`}`,
    );
  }
  if (new Set(names).size < names.length) return refuse("SignedHeaders names a header twice");
  const wrong = securityTokenFault(request, key, who) ?? bodyFault(request);
  if (wrong) return refuse(wrong);
  const signed = readSigned(request, given, key);
  if (!signed) return refuse("The path has a broken escape: % itself is written %25, and other characters are UTF-8");
  const { signing } = signed;
  if (signatureOf(signing) === given.signature) {
    if (signing.names === given.signedHeaders) return undefined;
    return refuse("SignedHeaders in Authorization is not sorted and in lower case: what was signed is");
  }
  const redact = redactorOf(request, key);
  const explanation = explain(signing, redact, who);
  const mistakes = findMistakes(signed, key.accessKey, given.signature);
  if (mistakes)
    return refuse(`The signature was made with ${oneLine(mistakes.join(", and with "), redact)}`, explanation);
  return refuse(`The signature differs: the secret key is another one, or a part that ${who} cannot tell`, [
    ...explanation,
    "No common mistake makes the signature that was sent. Compare these lines with those of the client: if they are the same,",
    "its secret key is another one.",
  ]);
}

const parts = ["Access", "SignedHeaders", "Signature"];

const authorizationForm = new RegExp(`^${algorithm} ${parts.map((name) => `${name}=([^\\s,]+)`).join(", ")}$`);

export const isSignature = (authorization: string) => authorization.startsWith(`${algorithm} `);

/** What Authorization says, or why it does not say it. */
export function readAuthorization(authorization: string): Authorization | string {
  const [whole, accessKey = "", signedHeaders = "", signature = ""] = authorizationForm.exec(authorization) ?? [];
  if (whole !== undefined) return { accessKey, signedHeaders, signature };
  // Nothing else of it is quoted: a token may stand there.
  const [, other] = /^([A-Z\d]{1,8}-HMAC-[A-Z\d]{1,8}) /.exec(authorization) ?? [];
  if (!isSignature(authorization))
    return `${other ? `The algorithm is ${other}` : "Authorization is not a signature"}. Expected is ${signatureText}`;
  const missing = parts.find((name) => !authorization.includes(`${name}=`));
  return `Authorization ${missing ? `has no ${missing}` : "has another form"}. Expected is ${signatureText}`;
}

function securityTokenFault(request: Received, { securityToken }: KeyCredentials, who: string): string | undefined {
  const sent = headerOf(request, "x-security-token");
  if (sent === securityToken) return undefined;
  if (sent === undefined) return "X-Security-Token is missing: the keys are temporary ones";
  if (securityToken === undefined) return "X-Security-Token was sent, but the keys are not temporary ones";
  return `X-Security-Token has another token than ${who} accepts`;
}

function bodyFault(request: Received): string | undefined {
  const declared = declaredHash(request);
  if (declared === undefined || declared === unsigned || declared.toLowerCase() === request.bodyHash) return undefined;
  return `X-Sdk-Content-Sha256 is neither the hash of the body nor ${unsigned}`;
}

/** What the client signs should be the same, line by line. */
function explain(signing: Signing, redact: Redact, who: string): string[] {
  const shown = (text: string) => text.split("\n").map((line) => `| ${showLine(line, redact)}`);
  const masked = signing.headers.replace(/^([^:\n]*):.*/gm, (line, name) =>
    isSecretHeader(name) ? `${name}:***` : line,
  );
  return [
    `The canonical request, as ${who} computes it:`,
    ...shown(canonicalRequest({ ...signing, headers: masked })),
    "The string to sign, with the hash of the canonical request:",
    ...shown(stringToSign(signing)),
  ];
}

const showLine = (line: string, redact: Redact) => cut(redact(line).replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd"), 1000);

/** Hides the secrets of the mock and of the client. Of Authorization, nothing secret is printed. */
function redactorOf({ headers }: Received, key: KeyCredentials): Redact {
  const names = Object.keys(headers).filter((name) => isSecretHeader(name) && name !== "authorization");
  const sent = names.map((name) => headerOf({ headers }, name) ?? "").filter(isLongEnough);
  return redactor([
    key.accessKey,
    key.secretKey,
    ...(key.securityToken === undefined ? [] : [key.securityToken]),
    ...sent,
  ]);
}
