// The Postman collection has every example and every parameter of the contract. (test/package shows that Postman reads it and
// Newman runs it.)

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { known } from "../document.ts";

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
beforeAll(async () => {
  bundle = await read("openapi.json");
  collection = await read("postman_collection.json");
});

describe("the Postman collection", () => {
  it("has the contract's call, named as in the contract", () => {
    const [{ name, request }, ...others] = collection.item;
    expect(others).toEqual([]);
    const operation = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
    expect(name).toBe(known(bundle, `${operation}/summary`));
    expect(request.url.path.join("/")).toBe("v2/:project_id/instances/:instance_id/backups");
    expect(request.url.query.map(({ key }) => key)).toEqual(["begin_time", "end_time", "limit", "offset"]);
  });

  it("has the contract's descriptions, and saves JSON as JSON", () => {
    const [{ request, response }] = collection.item;
    const operation = "/paths/~1v2~1{project_id}~1instances~1{instance_id}~1backups/get";
    expect(request).toMatchObject({
      description: { content: known(bundle, `${operation}/description`), type: "text/markdown" },
      header: [{ key: "Accept", value: "application/json" }],
    });
    const { parameters } = bundle.components;
    const described = [...request.url.variable, ...request.url.query].map(({ key, description }) => [key, description]);
    const expected = Object.values(parameters).map(({ name, description }) => [
      name,
      { content: description, type: "text/markdown" },
    ]);
    expect(described).toEqual(expect.arrayContaining(expected));
    expect(described).toHaveLength(expected.length);
    for (const saved of response) {
      const json = { header: [{ key: "Content-Type", value: "application/json" }], _postman_previewlanguage: "json" };
      expect(saved).toMatchObject(json);
    }
  });

  it("has a variable for everything that a caller fills in, and no others", () => {
    expect(collection.variable.map(({ key, value }) => [key, value])).toEqual([
      ["baseUrl", "https://dcs.sa-brazil-1.myhuaweicloud.com"],
      ["project_id", known(bundle, "/components/parameters/ProjectId/example")],
      ["instance_id", known(bundle, "/components/parameters/InstanceId/example")],
      ["token", ""],
    ]);
    const used = new Set([...JSON.stringify(collection).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(collection.variable.map(({ key }) => key).sort());
  });

  it("saves every example of the contract, each under its own name", () => {
    const saved = collection.item[0].response.map(({ name, body }) => [name, JSON.parse(body)]);
    const authored = Object.values(bundle.components.examples).map(({ summary, value }) => [summary, value]);
    expect(saved).toEqual(expect.arrayContaining(authored));
    expect(saved).toHaveLength(authored.length);
    expect(new Set(saved.map(([name]) => name)).size).toBe(saved.length);
  });
});
