// What the consumer of a Pact asks for and expects is held to the contract.

import { describe, expect, it } from "vitest";
import { makeJudge } from "../../../src/check/recorded/judge.ts";
import { read } from "./samples.ts";
import { path } from "./traffic.ts";

interface Interaction {
  query?: string;
  headers?: Record<string, string>;
  status?: number;
  body?: unknown;
  rules?: Record<string, object>;
}

async function judgePact(
  { query = "limit=10", headers = {}, status = 200, body, rules }: Interaction,
  side: "both" | "provider" = "both",
) {
  const response = { status, headers: {}, ...(body !== undefined && { body }), ...(rules && { matchingRules: rules }) };
  const pact = {
    consumer: { name: "export" },
    provider: { name: "DCS" },
    interactions: [{ description: "a page", request: { method: "GET", path, query, headers }, response }],
    metadata: { pactSpecification: { version: "2.0.0" } },
  };
  const judge = makeJudge({ side });
  for (const item of await read(JSON.stringify(pact), { file: "export.json" })) {
    if ("fault" in item) judge.addFault(item);
    else judge.add(item);
  }
  return judge.report({ startedAt: new Date(), durationMs: 1, files: ["export.json"] });
}

const found = async (interaction: Interaction) =>
  (await judgePact(interaction)).findings.map(({ rule, pointer = "" }) => `${rule} ${pointer}`.trim());

const one = (record: object) => ({ total_num: 1, backup_record_response: [record] });
const at = "/backup_record_response/0";

describe("an expectation", () => {
  it("of fields and values that the contract has is fine, however few they are", async () => {
    expect(await found({ body: one({ backup_id: "b1", status: "succeed", size: 1, period: null }) })).toEqual([]);
    expect(await found({ body: {} })).toEqual([]);
    expect(await found({ status: 400, body: { error_code: "DCS.4800" } })).toEqual([]);
  });

  it("of anything else is found", async () => {
    expect(await found({ body: one({ backupId: "b1" }) })).toEqual([`expected-fields ${at}/backupId`]);
    expect(await found({ body: { ...one({}), next: 1 } })).toEqual(["expected-fields /next"]);
    expect(await found({ body: one({ size: "1" }) })).toEqual([`expected-values ${at}/size`]);
    expect(await found({ body: one({ status: "done" }) })).toEqual([`expected-values ${at}/status`]);
    expect(await found({ body: one({ error_code: "dcs.08.9999" }) })).toEqual([`expected-values ${at}/error_code`]);
    expect(await found({ body: one({ is_support_restore: true }) })).toEqual([
      `expected-values ${at}/is_support_restore`,
    ]);
    expect(await found({ body: "no JSON of a page" })).toEqual(["expected-values"]);
    expect(await found({ status: 404, body: {} })).toEqual(["expected-status"]);
    expect(await found({ query: "limit=ten" })).toEqual(["parameter"]);
  });

  it("whose values are examples is held to the types alone", async () => {
    const status = "$.body.backup_record_response[0].status";
    const all = "$.body.backup_record_response";
    for (const path of [status, all]) {
      const rules = { [path]: { match: "type" } };
      expect(await found({ body: one({ status: "done" }), rules })).toEqual([]);
      expect(await found({ body: one({ status: 1 }), rules })).toEqual([`expected-values ${at}/status`]);
    }
    const elsewhere = { "$.body.backup_record_response[0].remark": { match: "type" } };
    expect(await found({ body: one({ status: "done" }), rules: elsewhere })).toEqual([`expected-values ${at}/status`]);
  });
});

it("what a Pact leaves open is not judged", async () => {
  const report = await judgePact({});
  expect(report.outcome).toBe("conforms");
  expect(report.notJudged).toEqual([
    { reason: "credentials of the request: the consumer expects nothing of it", count: 1 },
    { reason: "body of the response: the consumer expects nothing of it", count: 1 },
  ]);
  expect(report.rules.find(({ id }) => id === "credentials")?.result).toBe("skipped");
  const withToken = await judgePact({ headers: { "X-Auth-Token": "abc" } });
  expect(withToken.rules.find(({ id }) => id === "credentials")?.result).toBe("passed");
});

it("a Pact says nothing of the service", async () => {
  const report = await judgePact({ body: one({ size: "1" }) }, "provider");
  expect(report).toMatchObject({ outcome: "could-not-run", findings: [{ rule: "judged" }] });
});
