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
  const stream: Partial<ReadableStream<Uint8Array>> & Partial<AsyncIterable<Uint8Array>> = Object(response.body);
  const reader = stream.getReader?.(); // not every browser can iterate
  const iterator = reader ?? stream[Symbol.asyncIterator]?.() ?? textOf(response, maxBytes);
  const chunks: Uint8Array[] = [];
  for (let bytes = 0; ; ) {
    const { value } = await ("read" in iterator ? iterator.read() : iterator.next());
    bytes += value?.length ?? 0;
    const isWhole = bytes <= maxBytes;
    if (!isWhole) ("cancel" in iterator ? iterator.cancel() : iterator.return?.())?.catch(() => {});
    if (!value || !isWhole) return { chunks, bytes, isWhole };
    chunks.push(value);
  }
}

/** Of what is too large no more than its length: that is all which tells so before it is in memory. */
async function* textOf(response: ResponseBody, maxBytes: number): AsyncGenerator<Uint8Array, undefined> {
  const length = Number(response.headers.get("content-length"));
  yield length > maxBytes ? ({ length } as Uint8Array) : new TextEncoder().encode(await response.text());
}

/** Text from the bytes of a body in UTF-8. */
export const decode = (chunks: readonly Uint8Array[], decoder = new TextDecoder()): string =>
  chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
