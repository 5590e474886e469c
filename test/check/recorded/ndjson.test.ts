// Recordings with one exchange a line, and their published schema: what is written fits it and is read as it was.

import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import schema from "../../../src/check/recorded/exchange.schema.json" with { type: "json" };
import { toLine } from "../../../src/check/recorded/ndjson.ts";
import { isReason } from "../../../src/check/recorded/recorded.ts";
import { exchange, page, readAll, readOne } from "./samples.ts";

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const fits = ajv.compile(schema);

const line = toLine(exchange());
const base = JSON.parse(line);

describe("a line", () => {
  it("is read as the exchange that was written", async () => {
    const { place, ...rest } = await readOne(line);
    expect(rest).toEqual({ ...exchange(), place: undefined });
    expect(place).toEqual({ file: "recording", entry: 1, line: 1 });
  });

  it.each<[string, object]>([
    ["no response", { response: undefined }],
    ["a response that is missing", { response: { missing: "never-answered", detail: "ECONNRESET" } }],
    [
      "a body that is missing",
      {
        response: {
          status: 200,
          headers: [["a", "b"]],
          body: { missing: "cut-off", detail: "1 of 2 bytes", bytes: 2 },
        },
      },
    ],
    ["no body, no headers", { request: { method: "GET", url: "/" }, response: { status: 200 } }],
    ["nothing but a request", { startedAt: undefined, durationMs: undefined, response: undefined }],
    ["what was cleaned", { cleaned: { secrets: 2, repeats: 1, echoes: ["body"] } }],
  ])("may have %s", async (_, changes) => {
    const text = JSON.stringify({ ...base, ...changes });
    expect(fits(JSON.parse(text)), ajv.errorsText(fits.errors)).toBe(true);
    const recorded = await readOne(text);
    const again = toLine(recorded);
    expect(fits(JSON.parse(again)), ajv.errorsText(fits.errors)).toBe(true);
    expect(await readOne(again)).toEqual(recorded);
  });

  it.each<[string, object, string]>([
    ["no request", { request: undefined }, " required"],
    ["no URL", { request: { method: "GET" } }, "/request required"],
    ["headers in an object", { request: { ...base.request, headers: { a: "b" } } }, "/request/headers type"],
    ["a time that is none", { startedAt: "today" }, "/startedAt format"],
    ["a reason that is none", { response: { missing: "lost" } }, "/response/missing enum"],
    ["a header without a value", { request: { ...base.request, headers: [["a"]] } }, "/request/headers/0 minItems"],
  ])("does not fit the schema with %s", (_, changes, error) => {
    expect(fits(base)).toBe(true);
    expect(fits(JSON.parse(JSON.stringify({ ...base, ...changes })))).toBe(false);
    expect(fits.errors?.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toContain(error);
  });

  it("names in the schema the reasons that the program knows", () => {
    const named = schema.$defs.missing.properties.missing.enum;
    expect(named.filter((name) => !isReason(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
    for (const missing of named) expect(fits({ ...base, response: { missing } })).toBe(true);
    expect(isReason("constructor")).toBe(false);
  });

  it("tells what is not there from what is empty", async () => {
    const bodyOf = async (body: unknown) =>
      (await readOne(JSON.stringify({ ...base, response: { ...base.response, body } }))).response;
    expect(await bodyOf(undefined)).toMatchObject({ body: { missing: "not-kept" } });
    expect(await bodyOf({ text: "" })).toMatchObject({ body: { text: "" } });
    expect((await readOne(JSON.stringify({ request: base.request }))).response).toEqual({ missing: "not-kept" });
    expect((await readOne(JSON.stringify({ ...base, response: { status: 0 } }))).response).toMatchObject({
      missing: "never-answered",
    });
    expect((await readOne(JSON.stringify({ ...base, response: { status: 304 } }))).response).toMatchObject({
      missing: "cached",
    });
  });

  it("may have a body with its content-encoding, if it says so", async () => {
    const base64 = gzipSync(page).toString("base64");
    const bodyOf = async (encoding: string, body: object) => {
      const headers = [["content-encoding", encoding]];
      return (await readOne(JSON.stringify({ ...base, response: { status: 200, headers, body } }))).response;
    };
    expect(await bodyOf("gzip", { base64, isEncoded: true })).toMatchObject({ body: { text: page } });
    expect(await bodyOf("gzip", { base64 })).toMatchObject({ body: { bytes: gzipSync(page) } });
    const cut = gzipSync(page).subarray(0, -9).toString("base64");
    expect(await bodyOf("gzip", { base64: cut, isEncoded: true })).toMatchObject({
      body: { missing: "not-decodable", detail: "gzip: unexpected end of file" },
    });
    expect(await bodyOf("rot13", { base64, isEncoded: true })).toMatchObject({ body: { missing: "not-decodable" } });
    expect(await bodyOf("identity", { base64: "e30=", isEncoded: true })).toMatchObject({ body: { text: "{}" } });
  });
});

describe("a file of lines", () => {
  it("may have CRLF, empty lines, a byte order mark, and no end of its last line", async () => {
    const { recorded, faults } = await readAll(`\ufeff${line}\r\n\r\n \n${line}\r\n${line}`, { size: 7 });
    expect(faults).toEqual([]);
    expect(recorded.map(({ place }) => [place.entry, place.line])).toEqual([
      [1, 1],
      [2, 4],
      [3, 5],
    ]);
  });

  it("with a line that is no JSON is read to its end, and the line is told, and nothing of it", async () => {
    const lines = Array.from({ length: 70_005 }, (_, index) =>
      index === 69_999 ? '{"a":secret-word}' : '{"request":{"method":"GET","url":"/"}}',
    );
    const { recorded, faults } = await readAll(lines.join("\n"));
    expect(recorded).toHaveLength(70_004);
    expect(faults).toMatchObject([{ fault: "broken", place: { line: 70_000, entry: 70_000 }, ends: false }]);
    expect(faults[0]?.message).toMatch(/^Line 70000 is no JSON: /);
    expect(faults[0]?.message).not.toContain("secret-word");
  });

  it("that is cut off in a line says so", async () => {
    const { recorded, faults } = await readAll(`${line}\n${line.slice(0, -9)}`);
    expect(recorded).toHaveLength(1);
    expect(faults).toMatchObject([{ fault: "truncated", place: { line: 2 }, ends: true }]);
  });

  it("tells a line that is too long, and one that is no exchange", async () => {
    const { recorded, faults } = await readAll(`${line}\n${"x".repeat(5000)}\n{"a":1}\n${line}\n`, {
      maxExchangeBytes: 4000,
      size: 100,
    });
    expect(recorded.map(({ place }) => place.line)).toEqual([1, 4]);
    expect(faults.map(({ fault, place }) => [fault, place.line])).toEqual([
      ["too-large", 2],
      ["not-an-exchange", 3],
    ]);
  });
});
