// Each kind of rule finds its fault in a recorded exchange, and is silent on the same exchange without it.

import { describe, expect, it } from "vitest";
import { clean } from "../../../src/check/recorded/clean.ts";
import type { Header, Recorded } from "../../../src/check/recorded/recorded.ts";
import { exchange, found, host, json, judgeAll, page, path, records, token, withToken } from "./traffic.ts";

const error = { error_code: "DCS.4800", error_msg: "Invalid offset in the request." };
const signed = (date: string, signature = "0".repeat(64)): Header[] => [
  ["Host", host],
  ["X-Sdk-Date", date],
  ["Authorization", `SDK-HMAC-SHA256 Access=AK12345678, SignedHeaders=host;x-sdk-date, Signature=${signature}`],
];
const [first = {}] = records;
const one = (changes: object) => page([{ ...first, ...changes }]);

it("an exchange that keeps to the contract passes, and says which rules had something to check", () => {
  const report = judgeAll([exchange()]);
  expect(report).toMatchObject({ outcome: "conforms", side: "both", findings: [], notJudged: [] });
  expect(report.exchanges).toEqual({ files: ["traffic.ndjson"], all: 1, ofCall: 1 });
  expect(report.server).toBe(`https://${host}`);
  const results = Object.fromEntries(report.rules.map(({ id, result }) => [id, result]));
  expect(results).toMatchObject({ parameter: "passed", "page-schema": "passed", "secret-echo": "passed" });
  expect(results).toMatchObject({ "signing-time": "skipped", "page-repeats": "skipped", "error-schema": "skipped" });
});

const refusal = { status: 400, body: error };

describe("of requests", () => {
  const wrong: [title: string, rules: string[], wrong: Recorded, right: Recorded][] = [
    ["a parameter", ["parameter"], exchange({ query: "?limit=ten", ...refusal }), exchange({ query: "?limit=10" })],
    ["an unknown parameter", ["unknown-parameter"], exchange({ query: "?Limit=10" }), exchange({ query: "?limit=10" })],
    [
      "a parameter twice",
      ["repeated-parameter"],
      exchange({ query: "?limit=10&limit=10" }),
      exchange({ query: "?limit=10" }),
    ],
    [
      "an unfilled ID",
      ["placeholder"],
      exchange({ url: `https://${host}/v2/undefined/instances/${first.instance_id}/backups` }),
      exchange(),
    ],
    ["no credentials", ["credentials"], exchange({ headers: [["Host", host]], ...refusal, status: 401 }), exchange()],
    [
      "another scheme in Authorization",
      ["signature"],
      exchange({ headers: [["Authorization", "Bearer abcdefgh"]] }),
      exchange({ headers: signed("20260701T120000Z") }),
    ],
    [
      "an old signature at the time of the request",
      ["signing-time"],
      exchange({ headers: signed("20260701T110000Z") }),
      exchange({ headers: signed("20260701T115500Z") }),
    ],
    ["a body", ["body"], exchange({ request: { body: { text: "{}" } } }), exchange()],
    [
      "Accept without JSON",
      ["accept"],
      exchange({ headers: [...withToken, ["accept", "text/html"]] }),
      exchange({ headers: [...withToken, ["accept", "text/html,*/*;q=0.1"]] }),
    ],
    [
      "no Host in HTTP/1.1",
      ["http"],
      exchange({ url: path, headers: withToken.slice(1), request: { httpVersion: "HTTP/1.1" } }),
      exchange({ url: path, request: { httpVersion: "HTTP/1.1" } }),
    ],
    ["a slash too many", ["operation"], exchange({ url: `https://${host}${path}/`, ...refusal }), exchange()],
  ];
  it.each(wrong)("%s: %j", (_, rules, wrong, right) => {
    expect(found([wrong])).toEqual(rules);
    expect(found([wrong], { side: "provider" })).not.toContain(rules[0]);
    expect(found([right])).toEqual([]);
  });
});

it("requests that differ in a value alone are judged each", () => {
  const right = exchange();
  const wrong: [rule: string, request: Recorded][] = [
    ["accept", exchange({ headers: [...withToken, ["Accept", "text/html"]] })],
    [
      "placeholder",
      exchange({
        headers: [
          ["Host", host],
          ["X-Auth-Token", "undefined"],
        ],
      }),
    ],
    [
      "secret-echo",
      exchange({
        headers: [
          ["Host", host],
          ["X-Auth-Token", "the-other-token"],
        ],
        body: one({ remark: "the-other-token" }),
      }),
    ],
  ];
  const like = [right, exchange({ headers: [...withToken, ["Accept", "*/*"]] }), right];
  for (const [rule, request] of wrong) {
    const { findings } = judgeAll([...like, request, ...like]);
    expect(findings.map(({ rule, probe }) => [rule, probe])).toEqual([[rule, "entry-4"]]);
  }
  const twice = judgeAll([
    exchange({ query: "?limit=ten", ...refusal }),
    exchange({ query: "?limit=ten", ...refusal }),
  ]);
  expect(twice.findings.map(({ probe }) => probe)).toEqual(["entry-1", "entry-2"]);
});

describe("of responses", () => {
  const wrong: [title: string, rules: string[], wrong: Recorded, right: Recorded][] = [
    ["404", ["status"], exchange({ status: 404, body: error }), exchange()],
    ["204", ["empty-204"], exchange({ status: 204, body: "", answerHeaders: [] }), exchange({ body: page([]) })],
    ["HTML with status 200", ["json"], exchange({ body: "<html>" }), exchange()],
    ["an empty 200", ["body-present"], exchange({ body: "" }), exchange({ body: page([]) })],
    [
      "bytes that are no UTF-8",
      ["utf-8"],
      exchange({ response: { body: { bytes: Buffer.from([0xff]) } } }),
      exchange(),
    ],
    ["another media type", ["media-type"], exchange({ answerHeaders: [["content-type", "text/html"]] }), exchange()],
    ["more records than limit", ["limit"], exchange({ query: "?limit=1" }), exchange({ query: "?limit=100" })],
    ["an id twice", ["duplicates"], exchange({ body: page([first, first]) }), exchange()],
    [
      "a foreign instance",
      ["instance"],
      exchange({ body: one({ instance_id: "other" }) }),
      exchange({ body: one({}) }),
    ],
    [
      "a size over int64",
      ["page-schema"],
      exchange({ body: one({ size: 2 ** 64 }) }),
      exchange({ body: one({ size: 1 }) }),
    ],
    ["a negative size", ["size"], exchange({ body: one({ size: -1 }) }), exchange({ body: one({ size: 0 }) })],
    [
      "the token in an error",
      ["secret-echo"],
      exchange({ query: "?offset=-1", status: 400, body: { ...error, error_msg: `by ${token}` } }),
      exchange({ query: "?offset=-1", status: 400, body: error }),
    ],
    [
      "the token in a cookie",
      ["secret-echo"],
      exchange({ answerHeaders: [...json, ["Set-Cookie", `a=${token}`]] }),
      exchange({ answerHeaders: [...json, ["Set-Cookie", "a=b"]] }),
    ],
    [
      "a redirect",
      ["no-redirect"],
      exchange({ status: 302, body: "", answerHeaders: [["location", "/a"]] }),
      exchange(),
    ],
    [
      "an invalid request that was accepted",
      ["refused"],
      exchange({ query: "?offset=-1" }),
      exchange({ query: "?offset=-1", ...refusal }),
    ],
    [
      "a valid request that was refused",
      ["accepted"],
      exchange(refusal),
      exchange({ query: "?offset=-1", ...refusal }),
    ],
    ["a valid request that failed", ["accepted"], exchange({ ...refusal, status: 500 }), exchange()],
    [
      "no credentials, and a page",
      ["refused"],
      exchange({ headers: [["Host", host]] }),
      exchange({ headers: [["Host", host]], status: 403, body: "<h1>", answerHeaders: [] }),
    ],
    [
      "an error without its fields",
      ["error-fields"],
      exchange({ query: "?offset=-1", ...refusal, body: {} }),
      exchange(),
    ],
    [
      "a window of long ago with records",
      ["window-applied"],
      exchange({ query: "?begin_time=19700101000000&end_time=19700101000001" }),
      exchange({ query: "?begin_time=19700101000000&end_time=19700101000001", body: page([]) }),
    ],
    [
      "records from outside a window",
      ["time-window"],
      exchange({ query: "?begin_time=20300101000000" }),
      exchange({ query: "?begin_time=20000101000000" }),
    ],
    [
      "records past the end",
      ["past-the-end"],
      exchange({ query: "?offset=1000000" }),
      exchange({ query: "?offset=0" }),
    ],
  ];
  const provider = { side: "provider" } as const;
  it.each(wrong)("%s: %j", (_, rules, wrong, right) => {
    expect(found([wrong], provider)).toEqual(rules);
    expect(found([wrong], { side: "consumer" })).not.toContain(rules[0]);
    expect(found([right], provider)).toEqual([]);
  });

  it("that an invalid request made the service fail is said where the same address was answered well before", () => {
    const failed = exchange({ at: 5, query: "?offset=-1", status: 500, body: error });
    expect(found([exchange(), failed], provider)).toEqual(["refused"]);
    expect(found([failed], provider)).toEqual([]);
  });
});

describe("across exchanges", () => {
  const provider = { side: "provider" } as const;
  const some = (from: number, to: number, total: unknown = records.length) => page(records.slice(from, to), total);
  const paged = (at: number, offset: number, body: unknown, others = {}) =>
    exchange({ at, query: `?limit=2&offset=${offset}`, body, ...others });
  const pages = [paged(0, 0, some(0, 2)), paged(10, 2, some(2, 4)), paged(20, 4, some(4, 6))];

  it("pages that follow each other are fine", () => {
    expect(found(pages, provider)).toEqual([]);
  });

  it("a page that is the one before is found, unless the recording does not prove the order", () => {
    const same = (others: object) => found([paged(0, 0, some(0, 2)), paged(10, 2, some(0, 2), others)], provider);
    expect(same({})).toEqual(["page-repeats"]);
    expect(same({ at: "unknown" })).toEqual([]);
    expect(same({ at: 10 * 60_000 })).toEqual([]);
    expect(same({ file: "other.ndjson" })).toEqual([]);
    expect(
      same({
        headers: [
          ["Host", host],
          ["X-Auth-Token", "another-token-of-another"],
        ],
      }),
    ).toEqual([]);
    expect(same({ url: `https://other.example.com${path}?limit=2&offset=2` })).toEqual([]);
    expect(same({ query: "?limit=2&offset=2&begin_time=20000101000000" })).toEqual([]);
  });

  it("a page that is shifted by one backup is not found: a new one may have come", () => {
    expect(found([paged(0, 0, some(0, 2)), paged(10, 2, some(1, 3))], provider)).toEqual([]);
  });

  it("but is, if the whole list before and after is the same", () => {
    const around = (between: Recorded[]) => [exchange(), ...between, exchange({ at: 100 })];
    const shifted = [paged(1, 0, some(0, 2)), paged(10, 2, some(1, 3))];
    expect(found(around(shifted), provider)).toEqual(["page-repeats"]);
    expect(found(around(pages), provider)).toEqual([]);
    expect(found(around([paged(1, 0, some(0, 2)), paged(10, 2, some(3, 5))]), provider)).toEqual(["page-skips"]);
    expect(found(around([paged(1, 0, some(1, 3))]), provider)).toEqual(["page-order"]);
    expect(found(around([paged(1, 0, some(0, 2, 17))]), provider)).toEqual(["total"]);
    expect(found(around([paged(1, 0, some(0, 2)), paged(2, 5, page([], 0))]), provider)).toEqual(["page-lost"]);
  });

  it("an empty page is found, if the totals say that there are more", () => {
    expect(found([paged(0, 0, some(0, 2)), paged(10, 2, page([], 0))], provider)).toEqual(["page-lost"]);
    expect(found([paged(0, 0, page([], 6))], provider)).toEqual(["page-lost"]);
    expect(found([paged(0, 0, some(0, 2, 2)), paged(10, 2, page([], 0))], provider)).toEqual([]);
    expect(found([paged(0, 4, some(4, 6)), paged(10, 6, page([], 6))], provider)).toEqual([]);
  });
});

describe("what is harmless raises nothing", () => {
  const harmless: [title: string, exchange: Recorded][] = [
    [
      "HTTP/2 as a browser writes it",
      exchange({
        headers: [
          ["x-auth-token", token],
          ["accept", "*/*"],
        ],
        request: {
          httpVersion: "h2",
          pseudoHeaders: [
            [":authority", host],
            [":path", path],
          ],
        },
        answerHeaders: [["content-type", "application/json;charset=utf-8"]],
      }),
    ],
    ["another base path and port", exchange({ url: `http://localhost:8080/gateway/dcs${path}` })],
    ["a name and password in the address", exchange({ url: `https://user:pa55word@${host}${path}` })],
    ["a fragment", exchange({ query: "?limit=10#top" })],
    ["a limit of 0, which the contract has", exchange({ query: "?limit=0", ...refusal })],
    ["401 with credentials", exchange({ status: 401, body: {}, answerHeaders: [] })],
    ["429", exchange({ status: 429, body: "", answerHeaders: [] })],
    ["a service that does not know what an unknown parameter is", exchange({ query: "?a=1", ...refusal })],
  ];
  it.each(harmless)("%s", (_, one) => {
    expect(found([one], { side: "provider" })).toEqual([]);
    if (!one.request.url.includes("?a=1")) expect(found([one])).toEqual([]);
  });

  it("unknown fields and values only warn", () => {
    const report = judgeAll([exchange({ body: one({ more: 1, status: "thinking" }) })]);
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["known-fields", "warning"],
      ["known-values", "warning"],
    ]);
    expect(report.outcome).toBe("conforms");
  });

  it("other calls are counted and left alone", () => {
    const others = [
      exchange({ url: `https://${host}/v2/p/instances?limit=ten`, status: 500 }),
      exchange({ url: `https://${host}/v1.0/p/instances/i/backups`, status: 404 }),
      exchange({ method: "POST", status: 200, body: "" }),
      exchange({ method: "OPTIONS", headers: [["access-control-request-method", "GET"]], status: 204, body: "" }),
      exchange({ url: `https://${host}${path}/9` }),
    ];
    const report = judgeAll([exchange(), ...others]);
    expect(report).toMatchObject({ findings: [], exchanges: { all: 6, ofCall: 1 } });
    expect(judgeAll(others)).toMatchObject({
      outcome: "could-not-run",
      findings: [{ rule: "judged", message: expect.stringContaining("none of the 5 exchanges is a GET of /v2/") }],
    });
  });
});

describe("what is not there is not judged, and does not pass", () => {
  const missing = (missing: string) => ({ missing }) as Recorded["response"] & { missing: string };
  const passed = (report: ReturnType<typeof judgeAll>) =>
    report.rules.filter(({ result }) => result === "passed").map(({ id }) => id);

  it.each([
    ["never-answered", "the request was never answered"],
    ["cached", "the answer came from a cache"],
    ["mocked", "the answer came from the test, not from the service"],
  ])("a response that is %s", (why, reason) => {
    const report = judgeAll([exchange({ response: missing(why) })]);
    expect(report.notJudged).toEqual([{ reason: `response: ${reason}`, count: 1 }]);
    expect(passed(report)).toContain("parameter");
    expect(passed(report)).not.toContain("status");
    const alone = judgeAll([exchange({ response: missing(why) })], { side: "provider" });
    expect(alone).toMatchObject({ ok: false, outcome: "could-not-run", findings: [{ rule: "judged" }] });
  });

  it.each(["not-kept", "cut-off", "altered", "kept-elsewhere"])("a body that is %s", (why) => {
    const body = { missing: why } as never;
    const report = judgeAll([exchange({ response: { body } })], { side: "provider" });
    expect(report.notJudged).toMatchObject([{ reason: expect.stringContaining("body of the response: "), count: 1 }]);
    expect(passed(report)).toEqual(expect.arrayContaining(["status", "media-type"]));
    for (const id of ["json", "utf-8", "body-present", "page-schema", "limit", "secret-echo"])
      expect(passed(report)).not.toContain(id);
    const twin = passed(judgeAll([exchange()], { side: "provider" }));
    expect(twin).toEqual(expect.arrayContaining(["json", "utf-8", "body-present", "page-schema", "secret-echo"]));
  });

  it("headers", () => {
    const noHeaders = { missing: "not-kept" } as const;
    const one = exchange({ request: { headers: [], noHeaders }, response: { headers: [], noHeaders } });
    const report = judgeAll([one]);
    expect(report.findings).toEqual([]);
    expect(report.notJudged?.map(({ reason }) => reason)).toEqual([
      "headers of the request: the recording does not keep it",
      "headers of the response: the recording does not keep it",
    ]);
    for (const id of ["credentials", "accept", "http", "media-type", "signature"])
      expect(passed(report)).not.toContain(id);
    expect(found([exchange({ request: { headers: [] } })])).toContain("credentials");
  });

  it("credentials that the recorder leaves out", () => {
    const headers: Header[] = [["Host", host]];
    const report = judgeAll([exchange({ headers, request: { leftOut: ["authorization"] } })]);
    expect(report.findings).toEqual([]);
    expect(report.notJudged).toMatchObject([{ reason: expect.stringMatching(/^credentials of the request: /) }]);
  });

  it("the time of a signature, if the time of the request is not told", () => {
    const report = judgeAll([exchange({ at: "unknown", headers: signed("20060102T150405Z") })]);
    expect(report.findings).toEqual([]);
    expect(report.notJudged).toMatchObject([{ reason: expect.stringMatching(/^time of the signature: /) }]);
  });

  it("values that were cleaned away; what was at their place still counts", () => {
    for (const one of [exchange(), exchange({ headers: signed("20260701T120000Z") })])
      expect(judgeAll([clean(one)])).toMatchObject({ findings: [], notJudged: [] });
    expect(found([clean(exchange({ headers: signed("20260701T120000Z", "abc") }))])).toEqual(["signature"]);
    expect(found([clean(exchange({ headers: [["X-Auth-Token", "undefined"]] }))])).toEqual(["placeholder"]);
    expect(found([clean(exchange({ body: one({ remark: token }) }))])).toEqual(["secret-echo"]);
    const redacted = judgeAll([exchange({ headers: [["Authorization", "[REDACTED]"]] })]);
    expect(redacted.findings).toEqual([]);
    expect(redacted.notJudged).toEqual([{ reason: "signature of the request: it was cleaned away", count: 1 }]);
  });

  it("counts of one reason are added up", () => {
    const response = missing("never-answered");
    const report = judgeAll([exchange(), exchange({ response }), exchange({ response })]);
    expect(report.notJudged).toEqual([{ reason: "response: the request was never answered", count: 2 }]);
  });
});

describe("a finding", () => {
  it("names the file, the entry, the line, the time and the URL, without secrets", () => {
    const query = `?limit=ten&x=${token}&api_key=sekret-1`;
    const { findings } = judgeAll(
      [exchange(), exchange({ query, url: `https://user:pa55word@${host}${path}${query}` })],
      {
        only: ["parameter"],
      },
    );
    expect(findings).toMatchObject([
      {
        rule: "parameter",
        probe: "entry-2",
        file: "traffic.ndjson",
        line: 2,
        at: "2026-07-01T12:00:00.000Z",
        request: `GET https://${host}${path}?limit=ten&x=***&api_key=***`,
      },
    ]);
  });

  it("stands for those of its rule that are only counted", () => {
    const report = judgeAll(Array.from({ length: 150 }, (_, at) => exchange({ at, query: "?limit=ten", ...refusal })));
    expect(report.findings).toHaveLength(101);
    expect(report.findings.at(-1)).toMatchObject({ rule: "parameter", probe: "recordings", more: 50 });
  });

  it("is one of five at most in one response, so that others are told as well", () => {
    const bad = page(records.map((record) => ({ ...record, size: "1" })));
    const wide = page(Array.from({ length: 200 }, (_, index) => ({ ...first, backup_id: `${index}`, size: "1" })));
    const { findings } = judgeAll([exchange({ body: wide }), exchange({ at: 5, body: bad })], {
      only: ["page-schema"],
    });
    expect(new Set(findings.map(({ probe }) => probe))).toEqual(new Set(["entry-1", "entry-2", "recordings"]));
  });

  it("comes at once to those who want to hear it", () => {
    const heard: string[] = [];
    judgeAll([exchange({ query: "?limit=ten", ...refusal }), exchange()], {
      onFinding: ({ rule }) => heard.push(rule),
    });
    expect(heard).toEqual(["parameter"]);
  });
});

it("the rules can be chosen, and a mistake in their names is told", () => {
  const wrong = exchange({ query: "?limit=ten", status: 404, body: error });
  expect(found([wrong], { only: ["status"] })).toEqual(["status"]);
  expect(found([wrong], { skip: ["status"] })).toEqual(["parameter"]);
  expect(() => judgeAll([], { only: ["list"] })).toThrow(
    'only has "list", which is not the id of a rule on recordings',
  );
  expect(() => judgeAll([], { side: "provider", only: ["accept"] })).toThrow("not the id of a rule on a provider");
  expect(() => judgeAll([], { only: ["size"], skip: ["size"] })).toThrow("skip leaves no rule to apply");
});

it("coverage is that of the calls", () => {
  const { coverage } = judgeAll([
    exchange({ query: "?limit=10" }),
    exchange({ url: `https://${host}/x`, status: 500 }),
  ]);
  expect(coverage?.neverSeen.map(({ id }) => id)).toContain("status/500");
  expect(coverage?.neverSeen.map(({ id }) => id)).not.toContain("parameter/limit/given");
  expect(judgeAll([exchange()], { cover: 100 })).toMatchObject({ outcome: "departs" });
});
