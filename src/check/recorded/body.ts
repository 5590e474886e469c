// Bodies as recordings keep them: as text, in base64, with or without their content-encoding.

import { isUtf8 } from "node:buffer";
import * as zlib from "node:zlib";
import type { Missing, RecordedBody } from "./recorded.ts";

export interface BodyLimit {
  /** Of a body after its content-encoding is undone. */
  maxBodyBytes: number;
}

export const fromBytes = (bytes: Buffer): RecordedBody => (isUtf8(bytes) ? { text: bytes.toString() } : { bytes });

/** Every Node.js that this runs on has the method; the types have it from ES2024 on. */
type Unicode = string & { isWellFormed(): boolean };

/** A string of JSON; one that is no Unicode has bytes that were none, or has lost them. */
export function fromText(text: string): RecordedBody {
  if ((text as Unicode).isWellFormed()) return { text };
  const bytes = bytesOfEscapes(text);
  return bytes ? fromBytes(bytes) : { missing: "altered" };
}

export const byteLengthOf = (body: RecordedBody): number | undefined => {
  if ("text" in body) return Buffer.byteLength(body.text);
  return "missing" in body ? body.bytes : body.bytes.length;
};

/** Python, and so mitmproxy, writes a byte that is not UTF-8 as half of a surrogate pair, from U+DC80 to U+DCFF. */
function bytesOfEscapes(text: string): Buffer | undefined {
  const bytes = Buffer.alloc(Buffer.byteLength(text));
  let length = 0;
  let end = 0;
  for (const { 0: half, index } of text.matchAll(/\p{Surrogate}/gu)) {
    const code = half.charCodeAt(0);
    if (code < 0xdc80 || code > 0xdcff) return undefined;
    length += bytes.write(text.slice(end, index), length);
    bytes[length] = code - 0xdc00;
    length += 1;
    end = index + 1;
  }
  length += bytes.write(text.slice(end), length);
  return bytes.subarray(0, length);
}

/** Text of bytes that should be UTF-8, with those that are not in the form of `bytesOfEscapes`. */
export function decodeEscaping(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = "";
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0) {
      text += bytes.toString("utf8", from, at) + String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
      from = at + 1;
    }
    at += length || 1;
  }
  return text + bytes.toString("utf8", from);
}

/** 0 if no character begins there. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const decoders: Record<string, Decoder> = {
  gzip: zlib.gunzipSync,
  "x-gzip": zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  // With the header of zlib as it should be, and without it as some servers send it.
  deflate: (bytes, options) =>
    (bytes[0] ?? 0) % 16 === 8 ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options),
  ...(zlib.zstdDecompressSync && { zstd: zlib.zstdDecompressSync }), // not in every Node.js
};

/** The encodings that a header names, without `identity`. */
const encodingsOf = (header = ""): string[] =>
  header
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");

/** Undoes the encodings of the header Content-Encoding. */
export function undo(bytes: Buffer, header: string | undefined, { maxBodyBytes }: BodyLimit): Buffer | Missing {
  let decoded = bytes;
  for (const name of encodingsOf(header).reverse()) {
    if (decoded.length === 0) return decoded;
    const decoder = decoders[name];
    if (!decoder) return { missing: "not-decodable", detail: "it is none that is known here" };
    try {
      decoded = decoder(decoded, { maxOutputLength: maxBodyBytes });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const detail = `more than ${maxBodyBytes} bytes`;
      if (code === "ERR_BUFFER_TOO_LARGE") return { missing: "too-large", detail };
      return { missing: "not-decodable", detail: `${name}: ${(error as Error).message}` };
    }
  }
  return decoded;
}

/** The same, for a body of which it is not told whether its encodings are undone already: if they are, it is as it should be. */
export function undoIfStillThere(bytes: Buffer, header: string | undefined, limit: BodyLimit): Buffer | Missing {
  if (encodingsOf(header).length === 0 || isUtf8(bytes)) return bytes;
  const decoded = undo(bytes, header, limit);
  const isUndone = "missing" in decoded && decoded.missing === "not-decodable" && !isGzip(bytes);
  return isUndone ? bytes : decoded;
}

export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;
