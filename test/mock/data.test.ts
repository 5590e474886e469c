// The records of a mock from a file, and what is said of one that is wrong.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRecords } from "../../src/mock/data.ts";
import { history } from "../../src/mock/history.ts";
import { findJsonFault } from "../../src/mock/json-fault.ts";
import { baseContract, contractOf } from "../../src/wire/contract.ts";

const records = history(12, 1, baseContract);
const list = baseContract.page.list;

const read = (text: string, contract = baseContract) => readRecords(text, "backups.json", contract);
const lines = (values: readonly unknown[], end = "\n") => values.map((value) => JSON.stringify(value) + end).join("");

/** What is said of a text that is refused. */
function saidOf(text: string, contract = baseContract): string {
  try {
    read(text, contract);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing";
}

const forms = "Give a page, an array of records, or one record a line";

describe("records are read", () => {
  const page = { total_num: 2, [list]: records };
  const texts: Record<string, string> = {
    "a page": JSON.stringify(page),
    "a page over several lines": JSON.stringify(page, null, 2),
    "a page with a record a line": `{"${list}": [\n${records.map((record) => JSON.stringify(record)).join(",\n")}\n]}`,
    "an array": JSON.stringify(records),
    "an array over several lines": JSON.stringify(records, null, "\t"),
    "a record a line": lines(records),
    "a record a line, with empty lines and without an end": `\n\n${lines(records, "\n \n").trimEnd()}`,
  };
  const cases = Object.entries(texts);

  it.each(cases)("from %s", (_, text) => expect(read(text)).toEqual(records));

  it.each(cases)("from %s, with a byte order mark and CRLF", (_, text) => {
    expect(read(`\ufeff${text.replaceAll("\n", "\r\n")}`)).toEqual(records);
  });

  it("from one record, on one line or on several", () => {
    const [record = {}] = records;
    expect(read(JSON.stringify(record))).toEqual([record]);
    expect(read(`${JSON.stringify(record, null, 2)}\n`)).toEqual([record]);
  });

  it("without any, from a page and an array", () => {
    expect(read(`{"${list}": []}`)).toEqual([]);
    expect(read("[]")).toEqual([]);
  });

  it("with unknown fields, without any field, with nulls where there may be some, and with ids only in some", () => {
    const odd = [{}, { backup_id: "1", more: [{}] }, { period: null, error_code: null }, { error_code: "dcs.08.0099" }];
    expect(read(JSON.stringify(odd))).toEqual(odd);
    expect(read(lines(odd))).toEqual(odd);
  });
});

describe("a text that is not JSON is refused, with its place", () => {
  it.each([
    ["[,]", '1:2: expected a value or ], not ","'],
    ['{\r\n  "total_num": 1,\r\n}', '3:1: expected a name in double quotes, not "}"'],
    ['{"total_num" 1}', '1:14: expected a colon, not "1"'],
    ['{"total_num": 1 "x"}', '1:17: expected a comma or }, not "\\""'],
    ["{total_num: 1}", '1:2: expected a name in double quotes, or }, not "t"'],
    ['[\n  {"size": 0x10}\n]', '2:13: expected a comma or }, not "x"'],
    ['[{"size": 01}]', '1:12: expected a comma or }, not "1"'],
    ['[{"period": None}]', '1:13: expected a value, not "N"'],
    [`[{"remark": "a\nb"}]`, "1:15: the string has no closing quote"],
    ['["a', "1:4: the string has no closing quote"],
    [String.raw`["\x"]`, String.raw`1:3: a string cannot have \x`],
    ['["a\tb"]', String.raw`1:4: a string cannot have "\t"`],
    ["[[]\n", "2:1: expected a comma or ], not the end"],
    [String.raw`["\u00E9\u00e9" 1]`, '1:17: expected a comma or ], not "1"'],
    ["[] []", '1:4: expected nothing more, not "["'],
    ["backup_id,size\n1,2\n", '1:1: expected a value, not "b"'],
  ])("%j", (text, said) => expect(saidOf(text)).toBe(`backups.json:${said}`));

  it("as one line of many", () => {
    const broken = lines([{}, {}, {}]).replace("{}\n{}\n", '{}\n\n{"size":\n');
    expect(saidOf(broken)).toBe("backups.json:3:9: expected a value, not the end");
    expect(saidOf(lines([{}, {}]).replace("{}", "{}}"))).toBe('backups.json:1:3: expected nothing more, not "}"');
  });

  it("as the first line of many", () => {
    expect(saidOf('{"size":\n{"size": "1"}\n')).toBe(
      '2 faults:\n  backups.json:1:9: expected a value, not the end\n  line 2, size should be integer, not "1"',
    );
  });

  const edit = fc.tuple(
    fc.nat(),
    fc.nat({ max: 2 }),
    fc.constantFrom("", ...'{}[],:"\\0-.eEtn \n\u0000\u2028\u007f\ud800é'),
  );
  it("wherever JSON.parse refuses it, and only there", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.array(edit, { maxLength: 2 }), (json, edits) => {
        let text = json;
        for (const [place, length, put] of edits) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + put + text.slice(at + length);
        }
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(findJsonFault(text) === undefined, JSON.stringify(text)).toBe(isJson);
      }),
      { seed: 20221109, numRuns: 3000 },
    );
  });
});

describe("a record that violates the contract is refused, with its place", () => {
  const faults: readonly (readonly [field: string, value: unknown, said: string])[] = [
    ["size", "1", 'integer, not "1"'],
    ["size", 2 ** 70, "int64, not 1.1805916207174113e+21"],
    ["size", null, "integer, not null"],
    ["status", "paused", 'one of waiting, backuping, succeed, failed, expired, deleted, not "paused"'],
    ["status", null, "string, not null"],
    ["is_support_restore", true, "string, not true"],
    ["created_at", "2019-05-10", 'date-time, not "2019-05-10"'],
    ["period", {}, "string or null, not {}"],
    ["remark", ["x".repeat(100)], `string, not ["${"x".repeat(77)}…`],
  ];

  it.each(faults)("%s: %j", (field, value, said) => {
    const broken = records.with(3, { ...records[3], [field]: value });
    expect(saidOf(JSON.stringify({ [list]: broken }))).toBe(`/${list}/3/${field} should be ${said}`);
    expect(saidOf(JSON.stringify(broken, null, 2))).toBe(`/3/${field} should be ${said}`);
    expect(saidOf(`\n${lines(broken)}`)).toBe(`line 5, ${field} should be ${said}`);
    expect(saidOf(JSON.stringify({ backup_id: "1", [field]: value }))).toBe(`/${field} should be ${said}`);
  });

  it("by the contract that is served", async () => {
    const text = '[{"backup_format": "zip"}]';
    expect(saidOf(text)).toBe("nothing");
    expect(saidOf(text, await contractOf("newest"))).toBe('/0/backup_format should be one of aof, rdb, not "zip"');
  });

  it("which is no object", () => {
    expect(saidOf('[{"size": 1}, 3]')).toBe("/1 should be object, not 3");
    expect(saidOf('{"size": 1}\nnull\n')).toBe("line 2 should be object, not null");
  });

  it("which is a page", () => {
    const page = JSON.stringify({ [list]: records });
    expect(saidOf(`${page}\n{}`)).toBe(`line 1 is a page, not a record. ${forms}`);
    expect(saidOf(`[${page}]`)).toBe(`/0 is a page, not a record. ${forms}`);
  });

  it("which has the id of another", () => {
    const ids = ["a", "b", "a"].map((backup_id) => ({ backup_id }));
    expect(saidOf(JSON.stringify(ids))).toBe('/2/backup_id is that of /0 already: "a"');
    expect(saidOf(`${lines(ids.slice(0, 2))}\n${lines(ids.slice(2))}`)).toBe(
      'line 4, backup_id is that of line 1 already: "a"',
    );
  });

  it("and so is a page", () => {
    expect(saidOf(`{"total_num": null, "${list}": []}`)).toBe("/total_num should be integer, not null");
    expect(saidOf(`{"${list}": {}}`)).toBe(`/${list} should be array, not {}`);
  });
});

describe("of many faults", () => {
  const broken = (count: number) => lines(Array.from({ length: count }, () => ({ size: "1" })));

  it("all are listed up to ten, each on its line", () => {
    expect(saidOf(broken(2))).toBe(
      '2 faults:\n  line 1, size should be integer, not "1"\n  line 2, size should be integer, not "1"',
    );
    expect(saidOf(broken(10)).split("\n").at(-1)).toBe('  line 10, size should be integer, not "1"');
  });

  it("the first ten are listed, and the others counted", () => {
    const said = saidOf(broken(13)).split("\n");
    expect([said[0], said[10], ...said.slice(11)]).toEqual([
      "13 faults:",
      '  line 10, size should be integer, not "1"',
      "  and 3 more",
    ]);
  });

  it("those of the page and of its records are told in their order", () => {
    const text = `{"total_num": "2", "${list}": [{"size": -0.5, "status": "x"}, {"progress": 1}]}`;
    expect(saidOf(text).match(/\/\S+/g)).toEqual([
      "/total_num",
      `/${list}/0/size`,
      `/${list}/0/status`,
      `/${list}/1/progress`,
    ]);
  });
});

describe("a file of something else is refused in one line", () => {
  it.each([
    ["", `it is empty. ${forms}`],
    ["\ufeff \r\n\t", `it is empty. ${forms}`],
    ["{}", `it is no page, since it has no ${list}, and no record either. ${forms}`],
    ['{"total_num": 1}', `it is no page, since it has no ${list}, and no record either. ${forms}`],
    ["[1, []]", `it holds no record: /0 is 1. ${forms}`],
    [`{"${list}": ["a"]}`, `it holds no record: /${list}/0 is "a". ${forms}`],
    ["\n1\n2\n", `it holds no record: line 2 is 1. ${forms}`],
    ["null", `it holds null. ${forms}`],
    [Buffer.from("\ufeff[]", "utf16le").toString("utf8"), "it is not UTF-8: save it as UTF-8"],
    [Buffer.from("[]", "utf16le").toString("utf8"), "it is not UTF-8: save it as UTF-8"],
  ])("%j", (text, said) => expect(saidOf(text)).toBe(said));
});

it("50 000 records a line are read, and 50 000 faults counted", () => {
  const many = lines(history(50_000, 1, baseContract));
  expect(lines(read(many)) === many).toBe(true);
  const broken = many.replaceAll('"size":', '"size":null,"was":');
  expect(saidOf(broken)).toMatch(/^50000 faults:\n(.*\n){10} {2}and 49990 more$/);
});
