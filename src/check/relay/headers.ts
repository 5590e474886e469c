// The headers of a message as it is passed on: in their order and case, without those of the connection.

import type { Header } from "../recorded/recorded.ts";

/** Names and values in turn, as Node gives and takes them. */
export type RawHeaders = readonly string[];

export const pairsOf = (raw: RawHeaders): Header[] =>
  Array.from({ length: raw.length / 2 }, (_, at) => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""] as const);

/** Each connection has its own; `connection` names more of them. */
const ofConnection = ["connection", "keep-alive", "proxy-connection", "upgrade", "http2-settings"];

export function withoutConnection(headers: readonly Header[]): Header[] {
  const named = valuesOf(headers, "connection").flatMap((value) => value.toLowerCase().split(/[\s,]+/));
  const own = new Set([...ofConnection, ...named.filter((name) => !framing.has(name))]);
  return headers.filter(([name]) => !own.has(name.toLowerCase()));
}

/** Without them a body has no end, and a request no place to go. */
const framing = new Set(["content-length", "transfer-encoding", "host"]);

/** In place of those of this name; before all others if there was none. */
export function withHeader(headers: readonly Header[], name: string, value: string): Header[] {
  const key = name.toLowerCase();
  const first = headers.findIndex(([given]) => given.toLowerCase() === key);
  if (first === -1) return [[name, value], ...headers];
  return headers.flatMap(([given, before], at) => {
    if (given.toLowerCase() !== key) return [[given, before] as const];
    return at === first ? [[given, value] as const] : [];
  });
}

export const without = (headers: readonly Header[], name: string): Header[] =>
  headers.filter(([given]) => given.toLowerCase() !== name);

const valuesOf = (headers: readonly Header[], name: string): string[] =>
  headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);

export const has = (headers: readonly Header[], name: string): boolean => valuesOf(headers, name).length > 0;

/** As a line each. */
export const linesOf = (headers: readonly Header[]): string =>
  headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
