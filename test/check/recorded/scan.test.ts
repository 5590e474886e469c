// The scanner of HAR files against JSON.parse: any JSON, cut anywhere; and what it makes of broken files.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Found, harScanner } from "../../../src/check/recorded/scan.ts";

function scan(content: Buffer | string, sizes: readonly number[] = [1 << 20], maxBytes = 1 << 20): Found[] {
  const bytes = Buffer.from(content);
  const scanner = harScanner(maxBytes);
  const found: Found[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    found.push(...scanner.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...found, ...scanner.end()];
}

const entriesOf = (found: readonly Found[]) =>
  found
    .filter(({ kind }) => kind === "entry")
    .map((entry) => JSON.parse((entry as { bytes: Buffer }).bytes.toString()));

const kindsOf = (found: readonly Found[]) => found.map(({ kind }) => kind);

/** With what makes trouble in strings. */
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.stringMatching(/^[\\"{}[\],:log ]{0,12}$/));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyText,
    fc.constantFrom(null, true, false, 0, -1.5e-7, 12),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("json"), { maxKeys: 4 }),
  ),
}));
const fields = fc.array(fc.tuple(anyText, json), { maxLength: 3 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const indents = fc.constantFrom(undefined, 1, "\t");

/** An object with a field among others. */
const withField = (pairs: readonly (readonly [string, unknown])[], at: number, name: string, value: unknown) => {
  const others = pairs.filter(([other]) => other !== name && other !== "__proto__");
  return Object.fromEntries([...others.slice(0, at), [name, value], ...others.slice(at)]);
};

describe("the scanner", () => {
  it("gives out just the elements of log.entries, in any JSON, cut anywhere", () => {
    fc.assert(
      fc.property(
        fc.array(json, { maxLength: 5 }),
        fields,
        fields,
        fc.nat(3),
        sizes,
        indents,
        (entries, outer, inner, at, cuts, indent) => {
          const log = withField(inner, at, "entries", entries);
          const text = JSON.stringify(withField(outer, at, "log", log), undefined, indent);
          const found = scan(text, cuts).filter(({ kind }) => kind !== "creator");
          expect(kindsOf(found)).toEqual(entries.map(() => "entry"));
          expect(entriesOf(found)).toEqual(JSON.parse(JSON.stringify(entries)));
        },
      ),
      { seed: 20221109, numRuns: 400 },
    );
  });

  it("says of any file that is cut off that it is, and gives out what is whole before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ request: json }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        sizes,
        (entries, part, cuts) => {
          const text = Buffer.from(JSON.stringify({ log: { entries } }));
          const found = scan(text.subarray(0, Math.max(1, Math.floor(text.length * part))), cuts);
          expect(kindsOf(found).at(-1)).toBe("truncated");
          const whole = entriesOf(found);
          expect(whole).toEqual(JSON.parse(JSON.stringify(entries)).slice(0, whole.length));
        },
      ),
    );
  });

  it("numbers the entries, and says where they begin", () => {
    const text = '\ufeff{ "log" : {"entries":[ {"a":1} ,\n{"b":"é"},{}]}}';
    const found = scan(text, [3]) as { number: number; offset: number }[];
    expect(found.map(({ number }) => number)).toEqual([1, 2, 3]);
    const bytes = Buffer.from(text);
    expect(found.map(({ offset }) => String.fromCharCode(bytes[offset] ?? 0))).toEqual(["{", "{", "{"]);
    expect(found[1]?.offset).toBe(bytes.indexOf('{"b"'));
  });

  it("finds keys that are written with escapes, and the creator before the entries", () => {
    const found = scan('{"\\u006cog":{"creator":{"name":"X, Y"},"entr\\u0069es":[{"a":1}]}}', [2]);
    expect(kindsOf(found)).toEqual(["creator", "entry"]);
    expect(JSON.parse((found[0] as { bytes: Buffer }).bytes.toString())).toEqual({ name: "X, Y" });
  });

  it.each([
    ["entries elsewhere", '{"log":{"pages":[{"entries":[{}]}],"x":{"entries":[{}]}},"entries":[{}]}'],
    ["log in a list", '{"log":[{"entries":[{}]}]}'],
    ["entries that are no list", '{"log":{"entries":{"0":{}}}}'],
    ["nothing", "{}"],
  ])("says that it has no entries: %s", (_, text) => {
    expect(kindsOf(scan(text))).toEqual(["no-entries"]);
    expect(kindsOf(scan('{"log":{"entries":[]}}'))).toEqual([]);
  });
});

describe("something broken is told once, and what comes after it is read", () => {
  const one =
    '{"request":{"url":"a","headers":[{"name":"x","value":"{ y"},{"name":"z","value":"1"}]},"response":{"status":200}}';
  const two = one.replace('"a"', '"b"');
  const three = one.replace('"a"', '"c"');
  const whole = [one, two, three].join(",");
  const urls = (found: Found[]) => entriesOf(found).map(({ request }) => request.url);
  const har = (entries: string) => `{"log":{"pages":[],"entries":[${entries}]}}`;

  it("has a twin that is not broken", () => {
    expect(urls(scan(har(whole)))).toEqual(["a", "b", "c"]);
    expect(kindsOf(scan(har(whole)))).toEqual(["entry", "entry", "entry"]);
  });

  it.each<[string, string]>([
    ["a quote that is missing", two.replace('"b",', '"b,')],
    ["a brace that is missing at the end", two.slice(0, -1)],
    ["a brace too many at the end", `${two}}`],
    ["a bracket that closes a brace", two.replace('"1"}]', '"1"]')],
    ["a line feed in a string", two.replace('"b"', '"b\n"')],
    ["a comment", two.replace("{", "{ /* c */ ")],
    ["a word that is none of JSON", two.replace("200", "Qqq")],
    ["a NUL", two.replace("200", "\0")],
  ])("%s", (_, broken) => {
    for (const sizes of [[1 << 20], [1], [7]]) {
      const found = scan(har([one, broken, three].join(",")), sizes);
      expect(urls(found).filter((url) => url !== "b")).toEqual(["a", "c"]);
      expect(found.filter(({ kind }) => kind !== "entry")).toMatchObject([{ kind: "broken" }]);
      const [fault] = found.filter(({ kind }) => kind === "broken") as { offset: number }[];
      expect(fault?.offset).toBeGreaterThan(har(`${one},`).length - 4);
    }
  });

  it("what is broken before the entries", () => {
    const found = scan(har(whole).replace('"pages":[]', '"pages":[}'));
    expect(urls(found)).toEqual(["a", "b", "c"]);
    expect(kindsOf(found)[0]).toBe("broken");
  });

  it("what comes after the end", () => {
    expect(kindsOf(scan(`${har(one)} \n`))).toEqual(["entry"]);
    expect(kindsOf(scan(`${har(one)}\n${har(two)}`))).toEqual(["entry", "broken", "entry"]);
  });

  it("an entry that is too large", () => {
    const large = JSON.stringify({ request: { url: "x".repeat(500) } });
    const found = scan(har([one, large, three].join(",")), [64], 200);
    expect(urls(found)).toEqual(["a", "c"]);
    expect(found.filter(({ kind }) => kind !== "entry")).toEqual([
      { kind: "too-large", number: 2, offset: har(`${one},`).length - 3 },
    ]);
  });
});
