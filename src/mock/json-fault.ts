// Finds where a text stops being JSON. What `JSON.parse` throws names no place in half of the cases.

export interface JsonFault {
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
  message: string;
}

/** What may come next. */
type Next = "value" | "value or ]" | "name" | "name or }" | ":" | ", or ]" | ", or }" | "end";

const wanted: Readonly<Record<Next, string>> = {
  value: "a value",
  "value or ]": "a value or ]",
  name: "a name in double quotes",
  "name or }": "a name in double quotes, or }",
  ":": "a colon",
  ", or ]": "a comma or ]",
  ", or }": "a comma or }",
  end: "nothing more",
};

const space = /[ \t\r\n]*/y;
const stringStart = /"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*/uy;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Nothing if the text is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: string[] = [];
  let next: Next = "value";
  let at = endOf(space, text, 0);
  while (at < text.length) {
    const mark = text[at] ?? "";
    const end = mark === '"' ? endOf(stringStart, text, at) : endOf(scalar, text, at);
    if (mark === '"' && text[end] !== '"') return faultAt(text, end, stringFault(text, end));
    const following = after(next, mark, open, end > at);
    if (!following) break;
    next = following;
    at = endOf(space, text, Math.max(at, mark === '"' ? end : end - 1) + 1);
  }
  if (at >= text.length && next === "end") return undefined;
  return faultAt(text, at, `expected ${wanted[next]}, not ${at < text.length ? shown(text, at) : "the end"}`);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/**
 * @param open the brackets that are open, which it changes
 * @returns nothing if it must not come there
 */
function after(next: Next, mark: string, open: string[], isScalar: boolean): Next | undefined {
  if (next.startsWith("value") && (mark === "{" || mark === "[")) {
    open.push(mark);
    return mark === "{" ? "name or }" : "value or ]";
  }
  if ((mark === "}" || mark === "]") && next.endsWith(` or ${mark}`)) {
    open.pop();
    return afterValue(open);
  }
  if (mark === ",") return next === ", or ]" ? "value" : next === ", or }" ? "name" : undefined;
  if (mark === ":") return next === ":" ? "value" : undefined;
  if (mark === '"' && next.startsWith("name")) return ":";
  return isScalar && next.startsWith("value") ? afterValue(open) : undefined;
}

function afterValue(open: readonly string[]): Next {
  const bracket = open.at(-1);
  if (bracket === undefined) return "end";
  return bracket === "{" ? ", or }" : ", or ]";
}

function stringFault(text: string, at: number): string {
  if (at >= text.length || text[at] === "\n" || text[at] === "\r") return "the string has no closing quote";
  return `a string cannot have ${shown(text, at)}`;
}

/** A character, or an escape. */
function shown(text: string, at: number): string {
  const [character = ""] = text.slice(at, at + 2);
  return character === "\\" ? text.slice(at, at + 2) : JSON.stringify(character);
}

function faultAt(text: string, offset: number, message: string): JsonFault {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n"), message };
}
