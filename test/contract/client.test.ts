// The generated types in an openapi-fetch client, over HTTP against a real Prism.

import createFetchClient from "openapi-fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { paths } from "../../generated/types.ts";
import { type Mock, startMock } from "../../src/mock/index.ts";

const route = "/v2/{project_id}/instances/{instance_id}/backups";
const path = { project_id: "0b33da72c10045ecbd8b3b4ac4b34ca7", instance_id: "5560df16-cebf-4473-95c4-d1b573c16e79" };

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const client = (headers: Record<string, string> = { "X-Auth-Token": "any" }) =>
  createFetchClient<paths>({ baseUrl: mock.url, headers });

describe("a client of the generated types", () => {
  it("lists backup records, typed", async () => {
    const { data, error, response } = await client().GET(route, { params: { path, query: { limit: 10, offset: 0 } } });
    expect(error).toBeUndefined();
    expect(new URL(response.url).search).toBe("?limit=10&offset=0");
    const [record] = data?.backup_record_response ?? [];
    expect(record?.status).toBe("succeed");
    expect(record?.size).toBe(880232);
    expect(record?.period).toBeNull();
  });

  it("sends the given time window unchanged", async () => {
    const query = { begin_time: "20190510000000", end_time: "20190510235959" };
    const { data, response } = await client().GET(route, { params: { path, query } });
    expect(new URL(response.url).search).toBe("?begin_time=20190510000000&end_time=20190510235959");
    expect(data?.total_num).toBe(1);
  });

  it("returns a typed error for a rejected request", async () => {
    const { data, error, response } = await client().GET(route, { params: { path, query: { offset: -1 } } });
    expect(response.status).toBe(400);
    expect(data).toBeUndefined();
    expect(error?.error_code).toBe("DCS.4800");
    expect(error?.error_ext_msg).toBeNull();
  });

  it("returns a typed error for a failure of the service", async () => {
    const { error, response } = await client({ "X-Auth-Token": "any", Prefer: "code=500" }).GET(route, {
      params: { path },
    });
    expect(response.status).toBe(500);
    expect(error?.error_code).toBe("DCS.5078");
  });

  it("escapes path parameters", async () => {
    const odd = { ...path, instance_id: "a/b c?d" };
    const { response } = await client().GET(route, { params: { path: odd } });
    expect(response.status).toBe(200);
    expect(new URL(response.url).pathname).toBe(`/v2/${path.project_id}/instances/a%2Fb%20c%3Fd/backups`);
  });
});
