// Repeats of secrets in a text, however they are escaped there: they are taken out so that the rest stays as it was, byte for byte.

import { lower } from "../../wire/redact.ts";
import { mark } from "./message.ts";

/** So many characters of a longer secret are taken out wherever they stand: servers cut what they quote. */
const pieceLength = 12;

/** What one character may be written as, in JSON, a URL or HTML. */
const escapes = /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{2,4});|&#(\d{2,5});|\\(["\\/])/gi;

/** Quick to say no, which is what most texts get: the slow way looks at each character. */
export function withoutSecrets(text: string, secrets: readonly string[]): { text: string; count: number } {
  const hasEscapes = /[\\%]|&#/.test(text);
  const read = lower(hasEscapes ? text.replace(escapes, charOf) : text);
  const there = secrets.filter((secret) => anchorsOf(secret).some((anchor) => read.includes(anchor)));
  if (there.length === 0) return { text, count: 0 };
  return hidden(text, rangesIn(read, there), hasEscapes ? placesIn(text) : undefined);
}

const charOf = (_: string, json?: string, url?: string, html?: string, decimal?: string, quoted?: string): string => {
  const hex = json ?? url ?? html;
  return quoted ?? String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal));
};

/** A start and an end: whatever a server cuts off, it leaves one of them. */
const anchorsOf = (secret: string): string[] => {
  const sought = lower(secret);
  return [sought.slice(0, pieceLength), sought.slice(-pieceLength)];
};

/** For each character of a text without its escapes, where it stands in the text; and where that ends. */
function placesIn(text: string): Uint32Array {
  const places = new Uint32Array(text.length + 1);
  let count = 0;
  let end = 0;
  const pass = (to: number) => {
    for (; end < to; end += 1) places[count++] = end;
  };
  for (const { 0: written, index } of text.matchAll(escapes)) {
    pass(index);
    places[count++] = index;
    end = index + written.length;
  }
  pass(text.length);
  places[count] = text.length;
  return places;
}

/** Where pieces of secrets stand, joined where they touch, in order. */
function rangesIn(read: string, secrets: readonly string[]): [start: number, end: number][] {
  const ranges: [start: number, end: number][] = [];
  for (const secret of secrets) {
    const sought = lower(secret);
    const length = Math.min(pieceLength, sought.length);
    const pieces = new Set(
      Array.from({ length: sought.length - length + 1 }, (_, at) => sought.slice(at, at + length)),
    );
    for (let at = 0; at + length <= read.length; at += 1) {
      if (pieces.has(read.slice(at, at + length))) ranges.push([at, at + length]);
    }
  }
  const joined: [start: number, end: number][] = [];
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before && start <= before[1]) before[1] = Math.max(before[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

function hidden(text: string, ranges: readonly [number, number][], places: Uint32Array | undefined) {
  let shown = "";
  let end = 0;
  for (const [from, to] of ranges) {
    shown += text.slice(end, places?.[from] ?? from) + mark;
    end = places?.[to] ?? to;
  }
  return { text: shown + text.slice(end), count: ranges.length };
}
