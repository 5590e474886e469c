// Reads the body of a response within a limit of size, whatever form the runtime gives it.

/** What is used of a `Response`. */
export interface ResponseBody {
  readonly headers: { get(name: string): string | null };
  /** A web stream; of some implementations of `fetch` a stream of Node.js, and of others nothing. */
  readonly body?: unknown;
  text(): Promise<string>;
}

export interface Body {
  chunks: readonly Uint8Array[];
  /** Bytes read, after decompression. */
  bytes: number;
  /** Whether that is all of it: the rest of a larger body is left unread. */
  isWhole: boolean;
}

export async function readBody(response: ResponseBody, maxBytes: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of streamOf(response) ?? textOf(response, maxBytes)) {
    bytes += chunk?.length ?? maxBytes + 1;
    if (bytes > maxBytes) return { chunks, bytes, isWhole: false };
    if (chunk) chunks.push(chunk);
  }
  return { chunks, bytes, isWhole: true };
}

type Chunks = AsyncIterable<Uint8Array | undefined>;

function streamOf({ body }: ResponseBody): Chunks | undefined {
  const stream: Partial<ReadableStream<Uint8Array>> & Partial<Chunks> = Object(body);
  if (stream.getReader) return chunksOf(stream.getReader());
  return stream[Symbol.asyncIterator] && (stream as Chunks);
}

/** A web stream cannot be iterated in every browser. */
async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): Chunks {
  try {
    for (let read = await reader.read(); read.value; read = await reader.read()) yield read.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Without a stream only the header tells that a body is too large, before it is in memory: it is `undefined` then. */
async function* textOf(response: ResponseBody, maxBytes: number): Chunks {
  const isTooLarge = Number(response.headers.get("content-length")) > maxBytes;
  yield isTooLarge ? undefined : new TextEncoder().encode(await response.text());
}

/** Text from the bytes of a body in UTF-8. */
export const decode = (chunks: readonly Uint8Array[], decoder = new TextDecoder()): string =>
  chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
