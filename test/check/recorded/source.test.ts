// Files, folders and the standard input, compressed or not, in whatever format they turn out to be.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toLine } from "../../../src/check/recorded/ndjson.ts";
import { readRecording } from "../../../src/check/recorded/read.ts";
import { sourcesOf } from "../../../src/check/recorded/source.ts";
import { chunksOf, entry, exchange, harOf, isFault, read, readAll } from "./samples.ts";

const har = harOf([entry(), entry(), entry()]);
const lines = Array.from({ length: 3 }, () => `${toLine(exchange())}\n`).join("");
const pact = JSON.stringify({
  consumer: {},
  provider: {},
  interactions: [1, 2, 3].map(() => ({ request: { method: "GET", path: "/" } })),
});
const formats = { har, lines, pact };

describe("the format", () => {
  it.each(Object.entries(formats))("is recognised by the content: %s", async (_, content) => {
    for (const text of [content, `\ufeff${content}`, ` \n${content}`]) {
      const { recorded, faults } = await readAll(text, { size: 5 });
      expect(faults).toEqual([]);
      expect(recorded).toHaveLength(3);
    }
  });

  it("is recognised in spite of fields that others have, and of a first line that is broken", async () => {
    const odd = har.replace('{"log"', '{"_x":{"request":[{"consumer":"}\\""}]},"log"');
    expect((await readAll(odd)).recorded).toHaveLength(3);
    const { recorded, faults } = await readAll(`{"startedAt":\n${lines}`);
    expect(recorded).toHaveLength(3);
    expect(faults).toMatchObject([{ fault: "broken", place: { line: 1 } }]);
  });

  it("may be given", async () => {
    expect((await readAll(har, { format: "har" })).recorded).toHaveLength(3);
    expect((await readAll(har, { format: "ndjson" })).faults).toMatchObject([{ fault: "not-an-exchange" }]);
  });

  it.each<[string, Buffer | string, RegExp]>([
    ["nothing", "", /^It is empty$/],
    ["some other JSON", '{"name":"x"}', /no HAR, no NDJSON of exchanges and no Pact/],
    ["a page", "<html>", /no HAR/],
    ["a ZIP, as Playwright writes it", Buffer.from("PK\x03\x04xxxx"), /unpack it/],
    ["UTF-16, as PowerShell writes it", Buffer.from(`\ufeff${har}`, "utf16le"), /save it as UTF-8/],
  ])("is told if it is none: %s", async (_, content, message) => {
    const items = await read(content);
    expect(items).toMatchObject([{ fault: "unrecognised", ends: true, message: expect.stringMatching(message) }]);
  });

  it("of a file named .har that is cut off at its beginning is HAR", async () => {
    expect(await read('{"lo', { file: "x.har" })).toMatchObject([{ fault: "truncated" }]);
  });
});

describe("compressed", () => {
  it.each(Object.entries(formats))("%s is read, by gzip and by zlib", async (_, content) => {
    for (const bytes of [gzipSync(content), deflateSync(content)]) {
      for (const size of [1, 1000, 1 << 20]) {
        const { recorded, faults } = await readAll(bytes, { size });
        expect(faults).toEqual([]);
        expect(recorded).toHaveLength(3);
      }
    }
  });

  it("and filled up with zeros, as on tapes, is read to its end", async () => {
    const { recorded, faults } = await readAll(Buffer.concat([gzipSync(lines), Buffer.alloc(5000)]), { size: 1000 });
    expect(faults).toEqual([]);
    expect(recorded).toHaveLength(3);
  });

  it("in two parts, as log files are joined, is read to the end", async () => {
    expect((await readAll(Buffer.concat([gzipSync(lines), gzipSync(lines)]))).recorded).toHaveLength(6);
  });

  const noisy = Array.from(
    { length: 3000 },
    (_, index) => `${toLine({ ...exchange(), durationMs: Math.sin(index) ** 2 * 1000 })}\n`,
  ).join("");

  it.each([["ends too early", "truncated"] as const, ["is damaged", "unreadable"] as const])(
    "a file that %s is told, and what came before is read",
    async (_, fault) => {
      const bytes = gzipSync(noisy);
      const half = Math.floor(bytes.length / 2);
      const spoiled = fault === "truncated" ? bytes.subarray(0, half) : bytes.fill(0xff, half, half + 40);
      const { recorded, faults } = await readAll(spoiled, { size: 1000 });
      expect(recorded.length).toBeGreaterThan(1000);
      expect(recorded.length).toBeLessThan(3000);
      expect(faults.at(-1)).toMatchObject({ fault, ends: true });
      expect(faults.at(-1)?.message).toContain(`after entry ${faults.at(-2)?.place.entry ?? recorded.length}`);
    },
  );
});

describe("the sources", () => {
  let folder: string;
  const input = () => chunksOf(lines);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "recordings-"));
    await mkdir(join(folder, "b/node_modules"), { recursive: true });
    await mkdir(join(folder, "none"));
    const files = {
      "c.har": har,
      "b/a.ndjson.gz": gzipSync(lines),
      "b/p.JSON": pact,
      "a.txt": har,
      "z.json": "{}",
      "b/node_modules/d.har": har,
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are files, the recordings in a folder in the order of their names, and the standard input", async () => {
    const sources = await sourcesOf(["-", folder, join(folder, "a.txt")], input);
    expect(sources.map(({ file }) => file)).toEqual([
      "-",
      ...["b/a.ndjson.gz", "b/p.JSON", "c.har", "z.json", "a.txt"].map((name) => join(folder, name)),
    ]);
    const counts: number[] = [];
    for (const source of sources) {
      let count = 0;
      for await (const item of readRecording(source)) {
        expect(isFault(item)).toBe(false);
        expect(item.place.file).toBe(source.file);
        count += 1;
      }
      counts.push(count);
    }
    // JSON in a folder may be anything: what is no recording is left alone.
    expect(counts).toEqual([3, 3, 3, 3, 0, 3]);
  });

  it("are told if they are not there", async () => {
    const missing = join(folder, "missing.har");
    await expect(sourcesOf([missing], input)).rejects.toThrow(`There is no file or folder ${missing}`);
    const none = join(folder, "none");
    await expect(sourcesOf([none], input)).rejects.toThrow(`There is no recording in ${none}`);
  });

  it("that cannot be read are told", async () => {
    const [source] = await sourcesOf([join(folder, "c.har")], input);
    await rm(join(folder, "c.har"));
    const items: unknown[] = [];
    if (source) for await (const item of readRecording(source)) items.push(item);
    expect(items).toMatchObject([{ fault: "unreadable", message: expect.stringContaining("ENOENT") }]);
  });

  it("that fail half-way are told, and what came before is read", async () => {
    async function* failing() {
      yield Buffer.from(lines);
      throw new Error("EIO");
    }
    const items: unknown[] = [];
    for await (const item of readRecording({ file: "-", isFound: false, open: failing })) items.push(item);
    expect(items).toHaveLength(4);
    expect(items[3]).toMatchObject({ fault: "unreadable", message: "It cannot be read after entry 3: EIO" });
  });
});
