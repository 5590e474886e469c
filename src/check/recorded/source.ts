// Where recordings come from: files, folders, the standard input; compressed or not.

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip, createInflate } from "node:zlib";
import { isGzip } from "./body.ts";

export interface Source {
  /** As it was named; `-` is the standard input. */
  file: string;
  /** Of a file in a folder that was named: it may be anything. */
  isFound: boolean;
  open: () => AsyncIterable<Buffer>;
}

const chunkBytes = 256 * 1024;

/** Of files in a folder. */
const endings = /\.(har|zhar|ndjson|jsonl|json)(\.gz)?$/i;

const isLeftOut = /(^|[\\/])(node_modules|\.git)[\\/]/;

/**
 * The recordings of some paths, in their order; those of a folder by their paths.
 * @throws {Error} if there is nothing at a path, or no recording in a folder
 */
export async function sourcesOf(paths: readonly string[], input: () => AsyncIterable<Buffer>): Promise<Source[]> {
  const found = await Promise.all(
    paths.map(async (path): Promise<Source[]> => {
      if (path === "-") return [{ file: path, isFound: false, open: input }];
      const stats = await stat(path).catch(() => undefined);
      if (!stats) throw new Error(`There is no file or folder ${path}`);
      return stats.isDirectory() ? sourcesIn(path) : [fileSource(path, false)];
    }),
  );
  return found.flat();
}

async function sourcesIn(folder: string): Promise<Source[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !isLeftOut.test(file.slice(folder.length)))
    .sort();
  if (files.length === 0)
    throw new Error(
      `There is no recording in ${folder}: their names end with .har, .ndjson, .jsonl or .json, or these and .gz`,
    );
  return files.map((file) => fileSource(file, true));
}

const fileSource = (file: string, isFound: boolean): Source => ({
  file,
  isFound,
  open: () => createReadStream(file, { highWaterMark: chunkBytes }),
});

/** Compressed data that ends too early, or that is damaged. What came before it was given out. */
export class CompressionError extends Error {
  readonly isTruncated: boolean;
  constructor({ message, code }: NodeJS.ErrnoException) {
    super(message);
    this.isTruncated = code === "Z_BUF_ERROR";
  }
}

/** The same without gzip or zlib, recognised by their first bytes, since names are often wrong. No JSON begins with those. */
export async function* decompressed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, rest } = await headOf(chunks, 2);
  const [first = 0, second = 0] = head;
  if (isGzip(head)) yield* through(createGunzip({ chunkSize: chunkBytes }), head, rest);
  else if (first === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(second))
    yield* through(createInflate({ chunkSize: chunkBytes }), head, rest); // mitmproxy's .zhar
  else {
    if (head.length > 0) yield head;
    yield* rest;
  }
}

/** So much is decompressed at once: no more than 1032 times of it comes out, and no more of it is lost where data is damaged. */
const sliceBytes = 4 * 1024;

/** By hand, since a stream that fails drops what it has not yet given out. */
async function* through(
  stream: ReturnType<typeof createGunzip>,
  head: Buffer,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let output: Buffer[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  let isOver = false; // also before the end of the file: what comes after the end of the compressed data is no part of it
  let settle = () => {};
  stream.on("data", (chunk: Buffer) => output.push(chunk));
  stream.on("error", (error) => {
    failure = error;
    settle();
  });
  stream.on("end", () => {
    isOver = true;
    settle();
  });
  const taken = () => {
    const chunks = output;
    output = [];
    return chunks;
  };
  const pass = (act: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      settle = resolve;
      act(resolve);
    });
  try {
    for await (const chunk of chained(head, rest)) {
      for (let at = 0; at < chunk.length && !failure && !isOver; at += sliceBytes) {
        await pass((done) => stream.write(chunk.subarray(at, at + sliceBytes), () => done()));
        yield* taken();
      }
      if (failure || isOver) break;
    }
    if (!failure && !isOver) await pass(() => stream.end());
    yield* taken();
    if (failure) throw new CompressionError(failure);
  } finally {
    stream.destroy();
  }
}

export async function* chained(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** At least so many bytes of the beginning, if there are as many, or up to where `isEnough`; and what comes after them. */
export async function headOf(
  chunks: AsyncIterable<Buffer>,
  bytes: number,
  isEnough: (head: Buffer) => boolean = () => false,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < bytes && !(head.length > 0 && isEnough(head))) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return { head, rest: { [Symbol.asyncIterator]: () => iterator } };
}
