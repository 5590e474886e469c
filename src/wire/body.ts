// Reads the body of a response within a limit of size.

export interface Body {
  chunks: readonly Uint8Array[];
  /** Bytes read, after decompression. */
  bytes: number;
  /** Whether that is all of it: the rest of a larger body is left unread. */
  isWhole: boolean;
}

export async function readBody({ body }: Response, maxBytes: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (!value) return { chunks, bytes, isWhole: true };
    bytes += value.length;
    if (bytes > maxBytes) {
      reader?.cancel().catch(() => {});
      return { chunks, bytes, isWhole: false };
    }
    chunks.push(value);
  }
}

/** Text from the bytes of a body in UTF-8. */
export const decode = (chunks: readonly Uint8Array[], decoder = new TextDecoder()): string =>
  chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
