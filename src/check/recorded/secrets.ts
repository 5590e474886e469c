// Repeats of secrets in a text, however they are escaped there: they are taken out so that the rest stays as it was, byte for byte.

import { mark } from "./message.ts";

/** So many characters of a longer secret are taken out wherever they stand: servers cut what they quote. */
const pieceLength = 12;

/** What one character may be written as, in JSON, a URL or HTML. */
const escapes = /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{2,4});|&#(\d{2,5});|\\(["\\/])/gi;

/** Quick to say no, which is what most texts get: the slow way looks at each character. */
export function withoutSecrets(text: string, secrets: readonly string[]): { text: string; count: number } {
  const { plain, places } = unescaped(text);
  const read = plain.toLowerCase();
  const isThere = (secret: string) => anchorsOf(secret).some((anchor) => read.includes(anchor));
  const there = secrets.filter(isThere);
  if (there.length === 0) return { text, count: 0 };
  return hidden(text, rangesIn(read, there), places);
}

/** A start and an end: whatever a server cuts off, it leaves one of them. */
const anchorsOf = (secret: string): string[] => {
  const sought = secret.toLowerCase();
  return [sought.slice(0, pieceLength), sought.slice(-pieceLength)];
};

/** A text without escapes, and for each of its characters where it stood; no places if there are no escapes. */
function unescaped(text: string): { plain: string; places: number[] | undefined } {
  if (!/[\\%]|&#/.test(text)) return { plain: text, places: undefined };
  let plain = "";
  const places: number[] = [];
  let end = 0;
  const keep = (to: number) => {
    plain += text.slice(end, to);
    for (let at = end; at < to; at += 1) places.push(at);
  };
  for (const { 0: written, 1: json, 2: url, 3: html, 4: decimal, 5: quoted, index } of text.matchAll(escapes)) {
    keep(index);
    const hex = json ?? url ?? html;
    plain += quoted ?? String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal));
    places.push(index);
    end = index + written.length;
  }
  keep(text.length);
  places.push(text.length);
  return { plain, places };
}

/** Where pieces of secrets stand, joined where they touch, in order. */
function rangesIn(read: string, secrets: readonly string[]): [start: number, end: number][] {
  const ranges: [start: number, end: number][] = [];
  for (const secret of secrets) {
    const sought = secret.toLowerCase();
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

function hidden(text: string, ranges: readonly [number, number][], places: readonly number[] | undefined) {
  let shown = "";
  let end = 0;
  for (const [from, to] of ranges) {
    shown += text.slice(end, places?.[from] ?? from) + mark;
    end = places?.[to] ?? to;
  }
  return { text: shown + text.slice(end), count: ranges.length };
}
