// What a request carries that nobody else may see: recognised in the texts of a server however they are spelled, and hidden.

import type { Credentials } from "./credentials.ts";

/** Hides every secret in a text, and every piece of one that is worth something. */
export type Redact = (text: string) => string;

/** Characters that fewer of which occur by chance: a shorter secret is not looked for, and hidden as a word alone. */
export const shortestSecret = 6;

/** Of a longer secret this many characters, from its start, tell that it was repeated: servers cut what they quote. */
const tellingLength = 64;

export interface Secrets {
  /** What no answer may repeat. */
  sought: string[];
  /** What is not printed. */
  hidden: string[];
}

/** Whether a header carries a secret, by its name in lower case. Others are made to be repeated, as Origin and X-Request-Id are. */
export const isSecretHeader = (name: string): boolean =>
  /token|secret|passw|auth|cookie|key|appcode|credential|session|signature/.test(name);

/** An access key is an ID, which servers quote: it is hidden, and not sought. Neither is what the address has as well. */
export function secretsOf(credentials: Credentials, headers: Record<string, string>, address: string): Secrets {
  const given = Object.entries(headers).filter(([, value]) => !address.includes(value));
  const own = "token" in credentials ? [credentials.token] : [credentials.secretKey, credentials.securityToken ?? ""];
  const ofHeaders = given.filter(([name]) => isSecretHeader(name)).flatMap(([, value]) => parts(value));
  const accessKey = "accessKey" in credentials ? [credentials.accessKey] : [];
  const ofAll = given.flatMap(([, value]) => parts(value));
  return {
    sought: [...own, ...ofHeaders].filter(isLongEnough),
    hidden: [...own, ...ofAll.filter(isLongEnough), ...accessKey],
  };
}

/** "Basic dXNlcjpw": what comes after the name of the scheme is the secret. */
const parts = (value: string) => [value, ...(value.match(/^[\w-]+ (\S+)$/)?.slice(1) ?? [])];

export const isLongEnough = (secret: string) => secret.length >= shortestSecret;

/** One of these is in every escape that `unescaped` knows. */
const escapeSigns = ["\\", "%", "~", "&#"];

/** Whether a text has one of the secrets. */
export function hasSecret(text: string, secrets: readonly string[]): boolean {
  const has = (text: string) => secrets.some((secret) => text.includes(secret.slice(0, tellingLength)));
  const mayHaveEscapes = escapeSigns.some((sign) => text.includes(sign));
  return has(text) || (mayHaveEscapes && has(unescaped(text)));
}

/** A text with escapes that has a secret is given without them. */
export function redactor(secrets: readonly string[]): Redact {
  const pieces = secrets.flatMap(piecesOf).map((piece) => (isLongEnough(piece) ? lower(piece) : piece));
  const ofFullLength = new Set(pieces.filter(({ length }) => length === pieceLength));
  const others = pieces.filter(({ length }) => length < pieceLength);
  const mask = (text: string) => {
    const read = lower(text);
    let shown = "";
    let end = 0;
    for (let at = 0; at < text.length; at += 1) {
      const piece = read.slice(at, at + pieceLength);
      if (ofFullLength.has(piece)) end = at + pieceLength;
      for (const secret of others) {
        if (isLongEnough(secret) ? piece.startsWith(secret) : isWord(secret, text, at))
          end = Math.max(end, at + secret.length);
      }
      if (at >= end) shown += text[at];
      else if (!shown.endsWith("***")) shown += "***";
    }
    return shown;
  };
  return (text) => {
    const plain = unescaped(text);
    const shown = mask(plain);
    return shown === plain ? mask(text) : shown;
  };
}

/** So many characters of a long secret are hidden, wherever in it they stand. */
const pieceLength = 12;

const piecesOf = (secret: string): string[] =>
  Array.from({ length: Math.max(1, secret.length - pieceLength + 1) }, (_, at) => secret.slice(at, at + pieceLength));

/** A short secret is hidden where it is a word of its own: within a word its characters stand by chance. */
const isWord = (secret: string, text: string, at: number) =>
  text.startsWith(secret, at) && !/[\p{L}\p{N}_-]/u.test(`${text[at - 1] ?? ""}${text[at + secret.length] ?? ""}`);

/** Somebody else's text as one line of at most 300 characters, with every secret hidden and no control characters. */
export function oneLine(text: string, redact: Redact): string {
  const line = start(text, redact).replace(/[\s\p{Cc}\p{Cf}]+/gu, " ");
  return cut(line.trim(), 300);
}

/** As much of a text as could be printed. What follows a secret of this length is left out; so is a piece of one at the end. */
export function start(text: string, redact: Redact): string {
  const length = 10_000;
  return text.length > length ? redact(text.slice(0, length)).slice(0, -pieceLength) : redact(text);
}

export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** A text without the escapes of JSON, URLs, HTML and JSON pointers. */
const unescaped = (text: string) =>
  text.replace(
    /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{2,4});|&#(\d{2,5});|~([01])|\\(["\\/])/gi,
    (_, json, url, html, decimal, pointer, quoted) =>
      quoted ?? (pointer ? "~/"[pointer] : String.fromCharCode(decimal ?? Number.parseInt(json ?? url ?? html, 16))),
  );

/** In lower case, as names of headers arrive; every character stays in its place. */
export const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
