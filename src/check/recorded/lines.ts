// Splits a file into its lines while it is read. A line that is too long is told, and not kept in memory.

export interface Line {
  /** Counted from 1. */
  number: number;
  /** Without its end; `undefined` if it is too long. */
  bytes: Buffer | undefined;
  /** Whether the file ends without the end of this line. */
  isLast: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** In portions as they were read; empty lines are left out. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line[]> {
  let number = 1;
  let pieces: Buffer[] = [];
  let length = 0;
  const line = (isLast: boolean): Line[] => {
    const whole = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    const bytes = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
    const isTooLong = length > maxBytes;
    pieces = [];
    length = 0;
    if (!isTooLong && isBlank(bytes)) return [];
    return [{ number, bytes: isTooLong ? undefined : bytes, isLast }];
  };
  const add = (piece: Buffer) => {
    length += piece.length;
    if (length <= maxBytes) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, at));
      lines.push(...line(false));
      number += 1;
      from = at + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
    yield lines;
  }
  if (length > 0) yield line(true);
}

const isBlank = (bytes: Buffer): boolean => {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09) return false;
  return true;
};
