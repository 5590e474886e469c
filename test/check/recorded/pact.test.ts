// Pact files of each version of the specification: interactions become expected exchanges.

import { describe, expect, it } from "vitest";
import { path, readAll, readOne } from "./samples.ts";

const version1 = {
  consumer: { name: "console" },
  provider: { name: "dcs" },
  interactions: [
    {
      description: "a list of backups",
      provider_state: "there is one",
      request: { method: "get", path, query: "limit=10&offset=0", headers: { "X-Auth-Token": "abc" } },
      response: { status: 200, headers: { "Content-Type": "application/json" }, body: { total_num: 1 } },
    },
  ],
};
const [interaction] = version1.interactions as [(typeof version1.interactions)[0]];
const withParts = (request: object, response: object, metadata?: object, others: object = {}) =>
  JSON.stringify({
    ...version1,
    metadata,
    interactions: [
      {
        ...interaction,
        ...others,
        request: { ...interaction.request, ...request },
        response: { ...interaction.response, ...response },
      },
    ],
  });
const version = (version: string) => ({ pactSpecification: { version } });
const version4 = { type: "Synchronous/HTTP", provider_state: undefined, providerStates: [{ name: "there is one" }] };

describe("an interaction", () => {
  it("is an exchange that is expected, with its names", async () => {
    expect(await readOne(JSON.stringify(version1))).toEqual({
      place: { file: "recording", entry: 1 },
      request: {
        method: "GET",
        url: `${path}?limit=10&offset=0`,
        headers: [["X-Auth-Token", "abc"]],
        body: { text: "" },
      },
      response: { status: 200, headers: [["Content-Type", "application/json"]], body: { text: '{"total_num":1}' } },
      expected: {
        consumer: "console",
        provider: "dcs",
        description: "a list of backups",
        states: ["there is one"],
        rules: [],
      },
    });
  });

  it("is the same in versions 3 and 4, but for the way in which it is written", async () => {
    const expected = await readOne(JSON.stringify(version1));
    const query = { limit: ["10"], offset: ["0"] };
    expect(await readOne(withParts({ query }, {}, version("3.0.0")))).toEqual(expected);
    const headers = { "X-Auth-Token": ["abc"] };
    const body = { content: { total_num: 1 }, contentType: "application/json", encoded: false };
    const text = withParts({ query, headers }, { headers: {}, body }, version("4.0"), version4);
    const { response, ...rest } = await readOne(text);
    expect(rest).toEqual({ ...expected, response: undefined });
    expect(response).toEqual({ ...expected.response, headers: [["Content-Type", "application/json"]] });
  });

  it("keeps values of a query that need escapes", async () => {
    const { request } = await readOne(withParts({ query: { "a b": ["1&2", "é"] } }, {}, version("3.0.0")));
    expect(request.url).toBe(`${path}?a%20b=1%262&a%20b=%C3%A9`);
  });

  it("of messages is none over HTTP", async () => {
    const { recorded, faults } = await readAll(
      JSON.stringify({
        ...version1,
        interactions: [{ type: "Asynchronous/Messages" }, { ...interaction, ...version4 }, {}],
      }),
    );
    expect(recorded.map(({ place }) => place.entry)).toEqual([2]);
    expect(faults).toMatchObject([{ fault: "not-an-exchange", place: { entry: 3 } }]);
  });

  it.each<[string, object, object, object]>([
    ["is expected to be empty", { body: null }, version("2.0.0"), { text: "" }],
    ["is JSON as text", { body: '{"a":1}' }, version("2.0.0"), { text: '{"a":1}' }],
    ["is a text in JSON", { body: "a b" }, version("2.0.0"), { text: '"a b"' }],
    ["is a text", { body: "a b", headers: {} }, version("2.0.0"), { text: "a b" }],
    ["has a field named content", { body: { content: 1 } }, version("3.0.0"), { text: '{"content":1}' }],
    ["is in base64", { body: { content: "eyJhIjoxfQ==", encoded: "base64" } }, version("4.0"), { text: '{"a":1}' }],
    [
      "is JSON as text, and says so",
      { body: { content: '{"a":1}', encoded: "JSON" } },
      version("4.0"),
      { text: '{"a":1}' },
    ],
    ["is empty in version 4", { body: { content: "" } }, version("4.0"), { text: "" }],
    ["is not expected in version 4", { body: {} }, version("4.0"), { missing: "not-expected" }],
  ])("whose body %s", async (_, response, metadata, body) => {
    expect((await readOne(withParts({}, response, metadata))).response).toMatchObject({ body });
  });

  it("says nothing of a body that it does not name", async () => {
    const { body, ...response } = interaction.response;
    expect(body).toBeDefined();
    const text = JSON.stringify({ ...version1, interactions: [{ ...interaction, response }] });
    expect((await readOne(text)).response).toMatchObject({ body: { missing: "not-expected" } });
  });
});

describe("the rules of an interaction", () => {
  const rulesOf = async (request: object, response: object) =>
    (await readOne(withParts({ matchingRules: request }, { matchingRules: response }))).expected?.rules;

  it("are read in the form of version 2", async () => {
    const request = {
      "$.headers.Accept": { regex: "json" },
      "$.query.limit": { match: "type" },
      "$.path": { match: "regex", regex: "x" },
    };
    expect(await rulesOf(request, { "$.body.total_num": { match: "type" }, "$.body": { min: 1 } })).toEqual([
      { of: "request", category: "header", path: "Accept", matches: ["regex"] },
      { of: "request", category: "query", path: "limit", matches: ["type"] },
      { of: "request", category: "path", path: "", matches: ["regex"] },
      { of: "response", category: "body", path: "$.total_num", matches: ["type"] },
      { of: "response", category: "body", path: "$", matches: ["type"] },
    ]);
  });

  it("are read in the form of versions 3 and 4", async () => {
    const integer = { combine: "AND", matchers: [{ match: "type" }, { match: "integer" }] };
    expect(
      await rulesOf({ path: { matchers: [{ match: "regex", regex: "x" }] } }, { body: { "$.total_num": integer } }),
    ).toEqual([
      { of: "request", category: "path", path: "", matches: ["regex"] },
      { of: "response", category: "body", path: "$.total_num", matches: ["type", "integer"] },
    ]);
  });
});

it("a Pact that is no JSON, and one that is too large, is told", async () => {
  const text = JSON.stringify(version1);
  expect((await readAll(text.slice(0, -5))).faults).toMatchObject([{ fault: "broken", ends: true }]);
  expect((await readAll(text, { maxExchangeBytes: 100 })).faults).toMatchObject([{ fault: "too-large", ends: true }]);
  expect((await readAll(text)).faults).toEqual([]);
});
