// Writes recordings, one exchange after the other: into a file beside the target that takes its place at the end. What is not clean
// never touches the disk.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { clean } from "./clean.ts";
import { harEnd, harStart, toHar } from "./har-entry.ts";
import { toLine } from "./ndjson.ts";
import type { Cleaned, Recorded } from "./recorded.ts";

export interface RecordingWriter {
  /** Cleans an exchange, and writes it after the ones before it. Resolves when there is room for more. */
  write(recorded: Recorded): Promise<void>;
  /** Puts the file in its place. */
  close(): Promise<Written>;
  /** Leaves what was at that place as it was. */
  abandon(): Promise<void>;
}

export interface Written extends Omit<Cleaned, "echoes"> {
  exchanges: number;
}

type Form = { start: string; between: string; end: string; text: (recorded: Recorded) => string };

const forms: Record<"har" | "ndjson", Form> = {
  har: { start: harStart, between: ",\n", end: harEnd, text: toHar },
  ndjson: { start: "", between: "\n", end: "\n", text: toLine },
};

/** The form of a file by its name: HAR if it ends with `.har`. */
export const formOf = (file: string): keyof typeof forms => (/\.har$/i.test(file) ? "har" : "ndjson");

/** @throws {Error} if the file cannot be made */
export async function startRecording(file: string, form = formOf(file)): Promise<RecordingWriter> {
  const { start, between, end, text } = forms[form];
  const temporary = `${file}.${process.pid}.tmp`;
  // For its owner alone: even without secrets it says who asked what.
  const stream = createWriteStream(temporary, { flags: "w", mode: 0o600 });
  await once(stream, "open");
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  const put = async (text: string) => {
    // Waits only if there is no room for more.
    await new Promise<void>((resolve) => {
      if (stream.write(text, () => resolve())) resolve();
    });
    if (failure) throw failure;
  };
  const abandon = async () => {
    const closed = new Promise<void>((resolve) => stream.once("close", resolve)); // what is still being written fails, which is no matter
    stream.destroy();
    if (!stream.closed) await closed;
    await rm(temporary, { force: true });
  };
  if (start !== "") await put(start);
  const written: Written = { exchanges: 0, secrets: 0, repeats: 0 };
  return {
    write(recorded) {
      const cleaned = clean(recorded);
      const separator = written.exchanges === 0 ? "" : between;
      written.exchanges += 1;
      written.secrets += (cleaned.cleaned?.secrets ?? 0) - (recorded.cleaned?.secrets ?? 0);
      written.repeats += (cleaned.cleaned?.repeats ?? 0) - (recorded.cleaned?.repeats ?? 0);
      return put(separator + text(cleaned));
    },
    async close() {
      try {
        stream.end(written.exchanges === 0 && form === "ndjson" ? "" : end);
        await finished(stream);
        await rename(temporary, file);
      } catch (error) {
        await abandon();
        throw error;
      }
      return written;
    },
    abandon,
  };
}
