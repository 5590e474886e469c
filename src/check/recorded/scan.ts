// Finds the entries of a HAR file while it is read, wherever `log.entries` stands, so that it is never in memory as a whole.
// It looks at structure alone: whether an entry is JSON is known when it is parsed.

export type Found =
  | { kind: "entry" /** Counted from 1. */; number: number; offset: number; bytes: Buffer }
  /** The program that wrote the file. */
  | { kind: "creator"; bytes: Buffer }
  | { kind: "broken" | "too-large" | "truncated"; number?: number; offset: number }
  /** It is JSON, and has no entries. */
  | { kind: "no-entries"; offset: number };

export interface Scanner {
  push(chunk: Buffer): Found[];
  /** Of the end of the file. */
  end(): Found[];
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;
const comma = 0x2c;
const colon = 0x3a;

/** What is below it is an escape in a string of JSON. */
const firstPrintable = 0x20;

/** What stands for a value that has ended, among the characters that were seen last. */
const value = 1;
const nothing = 0;

const other = 0;
const space = 1;
const scalar = 2;
const structure = 3;
const classes = new Uint8Array(256);
for (const char of " \t\n\r") classes[char.charCodeAt(0)] = space;
for (const char of "+-.0123456789Eaeflnrstu") classes[char.charCodeAt(0)] = scalar;
for (const char of '"{}[],:') classes[char.charCodeAt(0)] = structure;

/** `log`, `entries` and `creator`, were each character an escape. */
const longestKey = 48;

/** Of containers in containers: no HAR has as many, and a file of brackets alone does not fill the memory. */
const deepest = 5000;

/** Where an array of entries is: in two objects. */
const listDepth = 3;
const inList = [openBrace, openBrace, openBracket];

/** @param maxBytes of an entry: a larger one is told, and not kept in memory */
export function harScanner(maxBytes: number): Scanner {
  let offset = 0; // of the chunk
  let stack: number[] = []; // the containers that are open
  let last = nothing; // among the characters outside of strings
  let isInString = false;
  let isEscaped = false;
  let key: number[] | undefined; // the one that is being read
  const keys = ["", ""]; // that are open
  let isInList = false;
  let hasList = false;
  let count = 0;
  let isDone = false;
  /** After something broken: what looks like an entry is tried as one. */
  let isLost = false;
  let captured:
    | { kind: "entry" | "creator"; depth: number; start: number; pieces: Buffer[]; length: number }
    | undefined;
  let found: Found[] = [];

  const begin = (kind: "entry" | "creator", at: number) => {
    captured = { kind, depth: stack.length, start: offset + at, pieces: [], length: 0 };
  };

  /** Takes what the chunk has of it, from where it began or from the start of the chunk. */
  const take = (chunk: Buffer, end: number) => {
    if (!captured) return;
    const piece = chunk.subarray(Math.max(0, captured.start - offset), end);
    captured.length += piece.length;
    if (captured.length <= maxBytes) captured.pieces.push(piece);
    else captured.pieces = [];
  };

  const finish = (chunk: Buffer, at: number) => {
    take(chunk, at);
    if (!captured) return;
    const { kind, start, pieces, length } = captured;
    captured = undefined;
    const isTooLarge = length > maxBytes;
    const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    if (kind === "creator") {
      if (!isTooLarge) found.push({ kind, bytes });
      return;
    }
    if (isLost && !isTooLarge && !isEntry(bytes)) return;
    isLost = false;
    count += 1;
    found.push(
      isTooLarge ? { kind: "too-large", number: count, offset: start } : { kind, number: count, offset: start, bytes },
    );
  };

  /** Where to go on after something that no JSON has. */
  const giveUp = (at: number) => {
    if (!isLost) {
      const isOfEntry = captured?.kind === "entry";
      if (isOfEntry) count += 1;
      found.push({ kind: "broken", ...(isOfEntry && { number: count }), offset: offset + at });
    }
    captured = undefined;
    isLost = true;
    isInString = false;
    isEscaped = false;
    key = undefined;
    stack = [...inList];
    isDone = false;
    isInList = true;
    hasList = true;
    last = comma;
  };

  /** One file after the other in one is no JSON, but can be read. */
  const again = (at: number) => {
    found.push({ kind: "broken", offset: offset + at });
    isDone = false;
    last = nothing;
  };

  /** While lost, the next brace after which a key may stand. */
  const next = (chunk: Buffer, from: number): number => {
    const at = chunk.indexOf(openBrace, from);
    return at === -1 ? chunk.length : at;
  };

  const open = (char: number, at: number): boolean => {
    const outer = stack.at(-1);
    const mayStand =
      outer === undefined
        ? last === nothing
        : outer === openBrace
          ? last === colon
          : last === openBracket || last === comma;
    if (!mayStand || stack.length === deepest) return false;
    if (isInList && stack.length === listDepth && !captured) begin("entry", at);
    stack.push(char);
    if (stack.length === listDepth && char === openBracket && !captured && keys[0] === "log" && keys[1] === "entries") {
      isInList = stack[0] === openBrace && stack[1] === openBrace;
      hasList ||= isInList;
    }
    last = char;
    return true;
  };

  const close = (chunk: Buffer, char: number, at: number): boolean => {
    if (stack.at(-1) !== char - 2) return false;
    if (captured?.depth === stack.length) finish(chunk, at);
    // While lost, an array that ends may be one within an entry.
    if (isLost && stack.length === listDepth) {
      last = comma;
      return true;
    }
    stack.pop();
    if (stack.length < listDepth) isInList = false;
    isDone = stack.length === 0;
    last = value;
    return true;
  };

  /** Whether it may stand there. */
  const structural = (chunk: Buffer, char: number, at: number): boolean => {
    if (char === quote) {
      if (isInList && stack.length === listDepth && !captured) begin("entry", at);
      isInString = true;
      const isKey = stack.at(-1) === openBrace && (last === openBrace || last === comma);
      key = isKey && !captured && stack.length < listDepth ? [] : undefined;
      last = value;
      return stack.length > 0;
    }
    if (char === openBrace || char === openBracket) return open(char, at);
    if (char === comma) {
      if (captured?.depth === stack.length) finish(chunk, at);
      last = comma;
      return stack.length > 0;
    }
    if (char === colon) {
      if (stack.length === 2 && !captured && keys[0] === "log" && keys[1] === "creator") begin("creator", at + 1);
      last = colon;
      return stack.length > 0;
    }
    return close(chunk, char, at);
  };

  const push = (chunk: Buffer): Found[] => {
    found = [];
    const { length } = chunk;
    let at = 0;
    while (at < length) {
      if (isDone) {
        while (at < length && classes[chunk[at] as number] === space) at += 1;
        if (at === length) break;
        if (chunk[at] === openBrace) again(at);
        else giveUp(at);
        continue;
      }
      if (isInString) {
        // Most of a file is in strings: nothing here but what ends one.
        let char = 0;
        if (isEscaped) {
          isEscaped = false;
          key?.push(chunk[at] as number);
          at += 1;
        }
        const from = at;
        for (; at < length; at += 1) {
          char = chunk[at] as number;
          if (char === quote || char < firstPrintable) break;
          if (char === backslash) at += 1;
        }
        if (key && key.length < longestKey) key.push(...chunk.subarray(from, Math.min(at, length, from + longestKey)));
        if (at >= length) {
          isEscaped = at > length;
          break;
        }
        if (char !== quote) {
          giveUp(at);
          continue;
        }
        isInString = false;
        if (key) keys[stack.length - 1] = keyOf(key);
        key = undefined;
        at += 1;
        continue;
      }
      if (isLost && !captured) {
        at = next(chunk, at);
        if (at === length) break;
      }
      const char = chunk[at] as number;
      const kind = classes[char];
      if (kind === scalar) {
        if (isInList && stack.length === listDepth && !captured) begin("entry", at);
        last = value;
      } else if (
        kind === other ? !isByteOrderMark(char, offset + at) : kind === structure && !structural(chunk, char, at)
      ) {
        giveUp(at);
        // The brace at which it was seen may be that of the next entry.
        if (char !== openBrace) at += 1;
        continue;
      }
      at += 1;
    }
    take(chunk, length);
    offset += length;
    return found;
  };

  const end = (): Found[] => {
    if (isLost) return [];
    if (!isDone) {
      const isOfEntry = captured?.kind === "entry";
      return [{ kind: "truncated", ...(isOfEntry && { number: count + 1 }), offset }];
    }
    return hasList ? [] : [{ kind: "no-entries", offset }];
  };

  return { push, end };
}

const isByteOrderMark = (char: number, at: number) => at < 3 && char === [0xef, 0xbb, 0xbf][at];

const keyOf = (bytes: readonly number[]): string => {
  const text = Buffer.from(bytes).toString();
  try {
    return text.includes("\\") ? JSON.parse(`"${text}"`) : text;
  } catch {
    return "";
  }
};

/** Of what was found after something broken. */
function isEntry(bytes: Buffer): boolean {
  try {
    const { request } = Object(JSON.parse(bytes.toString()));
    return typeof request === "object" && request !== null;
  } catch {
    return false;
  }
}
