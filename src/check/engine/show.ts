// Values and texts of somebody else, short and safe enough to be printed.

import { cut, type Redact, start } from "../../wire/redact.ts";

/** A JSON pointer, cut if a name in it is longer than any that the contract has. */
export const showPointer = (pointer: string, redact: Redact): string => cut(visible(start(pointer, redact)), 300);

/** JSON of a value, of at most 120 characters. It reads little more of the value than it prints, however deep or wide that is. */
export function show(value: unknown, redact: Redact): string {
  return cut(visible(json(value, 120, redact)), 120);
}

/** Characters that a terminal would obey rather than show, as JSON escapes them. */
export const visible = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );

function json(value: unknown, room: number, redact: Redact): string {
  const string = (text: string) => JSON.stringify(start(text, redact).slice(0, room + 1));
  if (typeof value === "string") return string(value);
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const isArray = Array.isArray(value);
  let text = isArray ? "[" : "{";
  for (const key in value) {
    const name = isArray ? "" : `${string(key)}:`;
    const left = room - text.length - name.length;
    if (left <= 0) return `${text}…`;
    text += `${text.length > 1 ? "," : ""}${name}${json((value as Record<string, unknown>)[key], left, redact)}`;
  }
  return text + (isArray ? "]" : "}");
}
