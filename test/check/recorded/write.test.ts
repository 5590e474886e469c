// Writers of recordings: what they write is read as it was, but for its secrets, which never touch the disk.

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clean } from "../../../src/check/recorded/clean.ts";
import type { Header, Recorded, RecordedBody } from "../../../src/check/recorded/recorded.ts";
import { startRecording } from "../../../src/check/recorded/write.ts";
import { exchange, isFault, page, readAll, readOne, token } from "./samples.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "written-"));
});
afterAll(() => rm(folder, { recursive: true }));

const forms = ["har", "ndjson"] as const;

async function written(form: (typeof forms)[number], recorded: readonly Recorded[]) {
  const file = join(folder, `some.${form}`);
  const writer = await startRecording(file);
  for (const one of recorded) await writer.write(one);
  const counts = await writer.close();
  return { counts, text: await readFile(file, "utf8") };
}

/** Without its place, which is another in another file. */
const placeless = (items: readonly Recorded[]) => items.map((item) => ({ ...item, place: undefined }));

const { request, response } = exchange();
const samples: Recorded[] = [
  exchange(),
  exchange({ startedAt: undefined, durationMs: undefined } as never),
  exchange({ response: { missing: "never-answered", detail: "ECONNRESET" } }),
  exchange({ response: { missing: "cached", detail: "status 304" } }),
  exchange({
    request: {
      ...request,
      headers: [],
      noHeaders: { missing: "not-kept" },
      leftOut: ["cookie"],
      body: { text: "a=1" },
    },
  }),
  exchange({ request: { ...request, pseudoHeaders: [[":method", "GET"]], body: { missing: "not-kept", bytes: 3 } } }),
  ...[
    { text: "" },
    { text: "é\ufffd\u2028" },
    { bytes: Buffer.from([0xff, 0]) },
    { missing: "cut-off", detail: "120 of 880 bytes", bytes: 880 } as const,
    { missing: "not-kept" } as const,
  ].map((body) => exchange({ response: { ...response, body } as Recorded["response"] })),
  exchange({
    expected: {
      consumer: "c",
      description: "d",
      states: ["s"],
      rules: [{ of: "request", category: "path", path: "", matches: ["regex"] }],
    },
  }),
].map(
  (sample) =>
    JSON.parse(JSON.stringify(sample)) &&
    (Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== undefined)) as unknown as Recorded),
);

describe.each(forms)("%s", (form) => {
  it("is read as what was written, without its secrets", async () => {
    const { text, counts } = await written(form, samples);
    const { recorded, faults } = await readAll(text, { size: 100 });
    expect(faults).toEqual([]);
    expect(placeless(recorded)).toEqual(placeless(samples.map(clean)));
    expect(text).not.toContain(token.slice(0, 12));
    expect(counts).toMatchObject({ exchanges: samples.length, repeats: 0 });
    expect(counts.secrets).toBeGreaterThan(samples.length - 3);
  });

  it("is read as what was written, whatever that was", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    const body: fc.Arbitrary<RecordedBody> = fc.oneof(
      fc.record({ text }),
      fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ bytes: Buffer.concat([bytes, Buffer.of(0xff)]) })),
    );
    const headers = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z-]{1,9}$/), fc.stringMatching(/^[!-~]{0,9}$/)), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(
        headers,
        headers,
        body,
        fc.integer({ min: 200, max: 299 }),
        async (asked, answered, body, status) => {
          const recorded = exchange({
            request: { ...request, headers: asked as Header[] },
            response: { status, httpVersion: "HTTP/1.1", headers: answered as Header[], body },
          });
          const { text } = await written(form, [recorded]);
          expect(placeless([await readOne(text)])).toEqual(placeless([clean(recorded)]));
        },
      ),
      { seed: 20221109, numRuns: 60 },
    );
  });

  it("of nothing is a recording without exchanges", async () => {
    const { text, counts } = await written(form, []);
    expect(counts).toEqual({ exchanges: 0, secrets: 0, repeats: 0 });
    expect((await readAll(text, { format: form })).recorded).toEqual([]);
    expect((await readAll(text, { format: form })).faults).toHaveLength(form === "har" ? 0 : 0);
  });

  it("keeps the order of many that are written at once", async () => {
    const file = join(folder, `many.${form}`);
    const writer = await startRecording(file);
    await Promise.all(Array.from({ length: 200 }, (_, index) => writer.write(exchange({ durationMs: index }))));
    await writer.close();
    const { recorded } = await readAll(await readFile(file));
    expect(recorded.map(({ durationMs }) => durationMs)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it("takes the place of the old one at the end, and leaves it if it is abandoned", async () => {
    const file = join(folder, `old.${form}`);
    await writeFile(file, "old");
    const writer = await startRecording(file);
    await writer.write(exchange());
    expect(await readFile(file, "utf8")).toBe("old");
    await writer.abandon();
    expect(await readFile(file, "utf8")).toBe("old");
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const again = await startRecording(file);
    await again.write(exchange());
    await again.close();
    expect(await readFile(file, "utf8")).toContain(page.slice(2, 10));
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it("never has a secret on the disk, not even while it is written", async () => {
    const writer = await startRecording(join(folder, `now.${form}`));
    const body = { text: JSON.stringify({ error_msg: `bad token ${token}`, fill: "x".repeat(50_000) }) };
    for (let count = 0; count < 20; count += 1)
      await writer.write(exchange({ response: { ...response, body } as Recorded["response"] }));
    const [temporary = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
    const text = await readFile(join(folder, temporary), "utf8");
    expect(text.length).toBeGreaterThan(100_000);
    expect(text).not.toContain(token.slice(0, 12));
    expect(await writer.close()).toEqual({ exchanges: 20, secrets: 20, repeats: 20 });
  });
});

it("a HAR has all the fields that the specification asks for", async () => {
  const { text } = await written("har", samples);
  const { log } = JSON.parse(text);
  expect(Object.keys(log)).toEqual(["version", "creator", "pages", "entries"]);
  for (const { request, response, ...rest } of log.entries) {
    expect(rest).toMatchObject({
      startedDateTime: expect.stringMatching(/Z$/),
      time: expect.any(Number),
      cache: {},
      timings: { send: -1, receive: -1 },
    });
    const message = {
      httpVersion: expect.any(String),
      cookies: [],
      headers: expect.any(Array),
      headersSize: -1,
      bodySize: expect.any(Number),
    };
    expect(request).toMatchObject({
      ...message,
      method: "GET",
      url: expect.any(String),
      queryString: [{ name: "limit", value: "10" }],
    });
    expect(response).toMatchObject({
      ...message,
      status: expect.any(Number),
      statusText: expect.any(String),
      redirectURL: "",
      content: { size: expect.any(Number), mimeType: expect.any(String) },
    });
  }
});

it("a file that cannot be made, or not be put in its place, is told and leaves nothing behind", async () => {
  await expect(startRecording(join(folder, "none/x.har"))).rejects.toThrow("ENOENT");
  const taken = join(folder, "taken.har");
  await mkdir(join(taken, "x"), { recursive: true });
  const writer = await startRecording(taken);
  await expect(writer.close()).rejects.toThrow();
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("a recording that was cleaned before counts only what is taken out now", async () => {
  const once = clean(exchange());
  const { counts, text } = await written("ndjson", [once]);
  expect(counts).toEqual({ exchanges: 1, secrets: 0, repeats: 0 });
  const { recorded } = await readAll(text);
  expect(recorded.some(isFault)).toBe(false);
  expect(recorded[0]?.cleaned).toEqual(once.cleaned);
});
