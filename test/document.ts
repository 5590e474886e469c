// Documents by JSON pointer (RFC 6901): the value at a pointer, and a copy with another value there.

import { formatPointer, parsePointer } from "../scripts/pointer.ts";

export const absent = Symbol("absent");

/** The node at a pointer, or `absent`. */
export function nodeAt(document: object, pointer: string): unknown {
  return parsePointer(pointer).reduce<unknown>((node, key) => {
    const inside = typeof node === "object" && node !== null && Object.hasOwn(node, key);
    return inside ? (node as Record<string, unknown>)[key] : absent;
  }, document);
}

/** The node at a pointer, with the type that the test expects. */
export function known<T>(document: object, pointer: string): T {
  const node = nodeAt(document, pointer);
  if (node === absent) throw new Error(`There is nothing at ${pointer}`);
  return node as T;
}

/** A copy with another value at a pointer, or without it if the value is `absent`. */
export function changed<T extends object>(document: T, pointer: string, value: unknown): T {
  const copy = structuredClone(document);
  const keys = parsePointer(pointer);
  const key = keys.pop() as string;
  const parent = known<Record<string, unknown>>(copy, formatPointer(keys));
  if (value !== absent) parent[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
}
