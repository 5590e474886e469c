// Postman can read the collection, and it runs against the mock in Newman, which Postman's own runner is made of.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PostmanValidator } from "@har-sdk/validator";
import newman, { type NewmanRunSummary } from "newman";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";
import { type Answer, reply, startServer } from "../client/server.ts";
import { absent, changed } from "../document.ts";

const read = async (name: string) => JSON.parse(await readFile(join(repository, "generated", name), "utf8"));

interface Saved {
  name: string;
  code: number;
  status: string;
  body: string;
  originalRequest: object;
}

interface Field {
  key: string;
  description: object;
  disabled?: boolean;
}

interface Item {
  name: string;
  request: { url: { path: string[]; query: Field[]; variable: Field[] } };
  response: Saved[];
}

interface Collection {
  item: [Item];
  variable: { key: string; value: string }[];
}

let bundle: {
  components: {
    examples: Record<string, { summary: string; value: unknown }>;
    parameters: Record<string, { name: string; description: string }>;
  };
};
let collection: Collection;
let mock: Mock;
beforeAll(async () => {
  bundle = await read("openapi.json");
  collection = await read("postman_collection.json");
  mock = await startMock();
});
afterAll(() => mock.close());

/** Runs a collection as `newman run --env-var baseUrl=… --env-var token=…` does. */
function run(url: string, what: Collection = collection, token = "any"): Promise<NewmanRunSummary["run"]> {
  const envVar = [
    { key: "baseUrl", value: url },
    { key: "token", value: token },
  ];
  return new Promise((resolve, reject) => {
    newman.run({ collection: what, envVar, reporters: [] }, (error, summary) =>
      error ? reject(error) : resolve(summary.run),
    );
  });
}

const failures = async (...args: Parameters<typeof run>) =>
  (await run(...args)).failures.map(({ error }) => error.message);

describe("the Postman collection", () => {
  it("matches Postman's schema, v2.1.0", async () => {
    const validator = new PostmanValidator();
    const faults = (document: Collection) => validator.verify(document as never);
    expect(await faults(collection)).toEqual([]);
    expect(await faults(changed(collection, "/item/0/request/url/query/0/key", 1))).not.toEqual([]);
    expect(await faults(changed(collection, "/info/name", absent))).not.toEqual([]);
  });

  it("has the mock's responses saved, with their status", async () => {
    for (const { name, code, status, body } of collection.item[0].response) {
      const example = Object.entries(bundle.components.examples).find(([, { summary }]) => summary === name)?.[0];
      const header = [{ key: "Prefer", value: `code=${code}, example=${example}` }];
      const asked = changed(collection, "/item/0/request/header", header);
      const { executions } = await run(mock.url, asked);
      expect(executions.map(({ response }) => [response.code, response.status])).toEqual([[code, status]]);
      expect(JSON.parse(String(executions[0]?.response.stream))).toEqual(JSON.parse(body));
    }
  });
});

describe("the Postman collection, run in Newman,", () => {
  it("passes against the mock, with the reference page's example as the response", async () => {
    const { stats, failures, executions } = await run(mock.url);
    expect(failures).toEqual([]);
    expect(stats.requests.total).toBe(1);
    expect(stats.assertions.total).toBe(1);
    const answer = JSON.parse(String(executions[0]?.response.stream));
    expect(answer).toEqual(bundle.components.examples.OneManualBackup?.value);
  });

  it("sends the token and only the enabled parameters", async () => {
    await using server = await startServer(reply(200, { backup_record_response: [] }));
    const enabled = changed(collection, "/item/0/request/url/query/2/disabled", false);
    expect(await failures(server.url, enabled, "secret")).toEqual([]);
    const target =
      "/v2/0b33da72c10045ecbd8b3b4ac4b34ca7/instances/5560df16-cebf-4473-95c4-d1b573c16e79/backups?limit=10";
    expect(server.received).toMatchObject([{ target, headers: { "x-auth-token": "secret" } }]);
  });

  it("fails against the mock without a token", async () => {
    expect(await failures(mock.url, collection, "")).toEqual([expect.stringContaining("401")]);
  });

  it.each<[string, Answer]>([
    ["another status", reply(500, { error_code: "DCS.5078", error_msg: "Query backup record failed." })],
    ["another body", reply(200, { backups: [] })],
    ["no JSON", reply(200, "<html></html>", { "content-type": "text/html" })],
  ])("fails when the service answers with %s", async (_what, answer) => {
    await using server = await startServer(answer);
    expect(await failures(server.url)).toHaveLength(1);
  });
});
