// Makes a recording of some kind while it is read, and prints as JSON how many exchanges were read, how many faults there were,
// how many bytes that was, and the peak memory in MB.

import { createGzip } from "node:zlib";
import { toHar } from "../../../src/check/recorded/har-entry.ts";
import { toLine } from "../../../src/check/recorded/ndjson.ts";
import { readRecording } from "../../../src/check/recorded/read.ts";
import { exchange, isFault } from "./samples.ts";

const [kind = "har", megabytes = "1"] = process.argv.slice(2);
const size = Number(megabytes) * 1024 * 1024;
const page = JSON.stringify({
  total_num: 10,
  backup_record_response: Array.from({ length: 10 }, (_, id) => ({
    backup_id: `${id}`.repeat(36),
    status: "succeed",
    remark: "x".repeat(300),
  })),
});
const one = exchange({ response: { status: 200, headers: [["a", "b"]], body: { text: page } } });

let bytes = 0;
function* repeated(text: string): Generator<Buffer> {
  const chunk = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)));
  while (bytes < size) {
    bytes += chunk.length;
    yield chunk;
  }
}

const contents: Record<string, () => Generator<Buffer>> = {
  *har() {
    yield Buffer.from(`{"log":{"pages":[${toHar(one)}],"entries":[${toHar(one)}`);
    yield* repeated(`,\n${toHar(one)}`);
    yield Buffer.from("]}}");
  },
  *ndjson() {
    yield* repeated(`${toLine(one)}\n`);
  },
  /** One entry that is larger than any may be. */
  *large() {
    yield Buffer.from('{"log":{"entries":[{"request":"');
    yield* repeated("x");
    yield Buffer.from(`"},${toHar(one)}]}}`);
  },
  *brackets() {
    yield Buffer.from('{"log":{"entries":[{"request":');
    yield* repeated("[");
    yield Buffer.from(`},${toHar(one)}]}}`);
  },
  *line() {
    yield Buffer.from('{"request":"');
    yield* repeated("x");
    yield Buffer.from(`"}\n${toLine(one)}\n`);
  },
};

async function* chunks() {
  yield* (contents[kind.replace(".gz", "")] as () => Generator<Buffer>)();
}

async function* compressed() {
  const gzip = createGzip({ level: 1 });
  (async () => {
    for await (const chunk of chunks())
      if (!gzip.write(chunk)) await new Promise((resolve) => gzip.once("drain", resolve));
    gzip.end();
  })();
  yield* gzip as AsyncIterable<Buffer>;
}

let exchanges = 0;
let faults = 0;
const open = kind.endsWith(".gz") ? compressed : chunks;
for await (const item of readRecording({ file: kind, isFound: false, open }, { maxExchangeBytes: 8 * 1024 * 1024 })) {
  if (isFault(item)) faults += 1;
  else exchanges += 1;
}
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ exchanges, faults, bytes, peak }));
