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

/** Whether a text has one of the secrets. */
export function hasSecret(text: string, secrets: readonly string[]): boolean {
  const spelled = mayEscape(text) ? [text, text.replace(escapes, decode)] : [text];
  return secrets.some((secret) => spelled.some((text) => text.includes(secret.slice(0, tellingLength))));
}

/** A short secret is hidden where it is a word of its own: anywhere else its characters stand by chance. */
export function redactor(secrets: readonly string[]): Redact {
  const words = secrets.filter((secret) => secret !== "" && !isLongEnough(secret));
  const pieces = piecesOf(secrets.filter(isLongEnough));
  return (text) => {
    const isHidden = new Uint8Array(text.length);
    for (const { plain, at } of [{ plain: text, at: undefined }, ...(mayEscape(text) ? [unescaped(text)] : [])]) {
      const hide = (start: number, end: number) => isHidden.fill(1, at?.[start] ?? start, at?.[end] ?? end);
      const read = lower(plain);
      for (const [length, ofLength] of pieces) {
        for (let start = 0; start + length <= read.length; start += 1) {
          if (ofLength.has(read.slice(start, start + length))) hide(start, start + length);
        }
      }
      for (const word of words) {
        for (let start = plain.indexOf(word); start !== -1; start = plain.indexOf(word, start + 1)) {
          const end = start + word.length;
          if (!isOfWord(plain[start - 1]) && !isOfWord(plain[end])) hide(start, end);
        }
      }
    }
    return isHidden.includes(1) ? mask(text, isHidden) : text;
  };
}

/** By their lengths, all pieces of that length: a dozen characters of a long secret are such a piece. */
function piecesOf(secrets: readonly string[]): Map<number, Set<string>> {
  const pieces = new Map<number, Set<string>>();
  for (const secret of secrets) {
    const length = Math.min(12, secret.length);
    const ofLength = pieces.get(length) ?? new Set();
    pieces.set(length, ofLength);
    for (let start = 0; start + length <= secret.length; start += 1) {
      ofLength.add(lower(secret.slice(start, start + length)));
    }
  }
  return pieces;
}

const isOfWord = (character = " ") => /[\p{L}\p{N}_-]/u.test(character);

/** Somebody else's text as one line of at most 300 characters, with every secret hidden and no control characters. */
export function oneLine(text: string, redact: Redact): string {
  const line = start(text, redact).replace(/[\s\p{Cc}\p{Cf}]+/gu, " ");
  return cut(line.trim(), 300);
}

/** As much of a text as could be printed. What follows a secret of this length is left out; so is a piece of one at the end. */
export function start(text: string, redact: Redact): string {
  const length = 10_000;
  return text.length > length ? redact(text.slice(0, length)).slice(0, -12) : redact(text);
}

export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

function mask(text: string, isHidden: Uint8Array): string {
  let shown = "";
  for (let at = 0; at < text.length; at += 1) {
    if (!isHidden[at]) shown += text[at];
    else if (!isHidden[at - 1]) shown += "***";
  }
  return shown;
}

/** Of JSON, URLs, HTML and JSON pointers. */
const escapes = /\\u([\da-f]{4})|\\(["\\/])|%([\da-f]{2})|&#x([\da-f]{2,4});|&#(\d{2,5});|~([01])/gi;

function decode(
  _: string,
  json?: string,
  plain?: string,
  url?: string,
  hex?: string,
  decimal?: string,
  tilde?: string,
) {
  if (plain) return plain;
  if (tilde) return tilde === "1" ? "/" : "~";
  return String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(json ?? url ?? hex ?? "", 16));
}

const mayEscape = (text: string) => /[\\%&~]/.test(text);

/** A text without escapes, and where each of its characters begins in the text with them; then where that ends. */
function unescaped(text: string): { plain: string; at: number[] } {
  const at: number[] = [];
  let plain = "";
  for (const match of text.matchAll(new RegExp(`${escapes.source}|[^]`, "gi"))) {
    const [spelled, ...groups] = match;
    plain += groups.some((group) => group !== undefined) ? decode(spelled, ...groups) : spelled;
    at.push(match.index);
  }
  return { plain, at: [...at, text.length] };
}

/** In lower case, as names of headers arrive; every character stays in its place. */
const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
