// What the relay keeps of a body while it passes, for the judge and the recording: never more than there is room for.

import { fromBytes, undo } from "../recorded/body.ts";
import type { Missing, RecordedBody } from "../recorded/recorded.ts";

export interface Room {
  /** Of one body, in bytes, as it passes and decompressed. */
  most: number;
  /** Of all bodies that pass at the same time. */
  free: number;
}

export class Kept {
  readonly #room: Room;
  #chunks: Buffer[] | undefined = [];
  #held = 0;
  /** How many bytes have passed. */
  bytes = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (!this.#chunks) return;
    if (this.bytes > this.#room.most || chunk.length > this.#room.free) {
      this.free();
      return;
    }
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    this.#room.free -= chunk.length;
  }

  /** Whether all of it is kept that has passed. */
  get isWhole(): boolean {
    return this.#chunks !== undefined;
  }

  /** Without its content-encoding. It is no longer kept afterwards. */
  take(contentEncoding: string | undefined): RecordedBody {
    const { bytes } = this;
    const whole = this.#chunks && Buffer.concat(this.#chunks);
    this.free();
    if (!whole) return { missing: "too-large", detail: `${bytes} bytes`, bytes };
    const decoded = undo(whole, contentEncoding, { maxBodyBytes: this.#room.most });
    return "missing" in decoded ? { ...decoded, bytes } : fromBytes(decoded);
  }

  /** Of a body that did not pass as a whole. */
  cutOff(why: string): Missing {
    this.free();
    return { missing: "cut-off", detail: `${why} after ${this.bytes} bytes`, bytes: this.bytes };
  }

  free(): void {
    this.#room.free += this.#held;
    this.#held = 0;
    this.#chunks = undefined;
  }
}
