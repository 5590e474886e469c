// The mock with credentials, over HTTP: this package's client passes, and so does who signs by hand.

import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Credentials, createDcsClient } from "../../src/client/index.ts";
import { type Mock, type MockRequest, startMock } from "../../src/mock/index.ts";
import { signatureOf } from "../wire/recomputed-signature.ts";

const token = { token: "the-token-of-the-mock" };
const keys = { accessKey: "ACCESS-KEY-1", secretKey: "the-secret-key-1" };
const temporary = { ...keys, securityToken: "the-security-token-1" };
const projectId = "0b33da72c10045ecbd8b3b4ac4b34ca7";
const instanceId = "5560df16-cebf-4473-95c4-d1b573c16e79";
const path = `/v2/${projectId}/instances/${instanceId}/backups`;

/** What the client gets of a mock that accepts some credentials, and what the mock tells. */
async function call(accepted: Credentials, credentials: Credentials) {
  const told: MockRequest[] = [];
  await using mock = await startMock({ credentials: accepted, onRequest: (request) => told.push(request) });
  const client = createDcsClient({ endpoint: mock.url, projectId, credentials, retry: false });
  const window = { beginTime: new Date(0), limit: 10, offset: 0 };
  const result = await client.listBackupRecords(instanceId, window).catch((error: Error) => error);
  return { result, told };
}

describe("a mock that accepts", () => {
  it.each<[string, Credentials, Credentials]>([
    ["a token", token, { token: "another-token" }],
    ["a pair of keys", keys, { ...keys, secretKey: "another-secret-key" }],
    ["temporary keys", temporary, { ...temporary, securityToken: "another-security-token" }],
    ["keys, and no token,", keys, token],
    ["a token, and no keys,", token, keys],
  ])("%s lets the client in with these, and not with others", async (_what, accepted, other) => {
    const good = await call(accepted, accepted);
    expect(good.result).toMatchObject({ total_num: 1 });
    expect(good.told).toMatchObject([{ status: 200, violations: [] }]);
    expect(good.told[0]).not.toHaveProperty("explanation");

    const bad = await call(accepted, other);
    expect(bad.result).toMatchObject({ name: "DcsApiError", status: 401, code: "APIGW.0301" });
    expect(bad.told).toMatchObject([{ status: 401, violations: [{ rule: "credentials", severity: "error" }] }]);
    const all = JSON.stringify([bad.result, bad.told[0]?.violations, bad.told[0]?.explanation]);
    for (const secret of [accepted, other].flatMap((one) => Object.values(one))) expect(all).not.toContain(secret);
  });

  it("keys tells in its answer what was signed wrongly, and beside it what it computed", async () => {
    const { told } = await call(keys, { ...keys, secretKey: "another-secret-key" });
    expect(told[0]?.violations[0]?.message).toMatch(/The signature differs: the secret key is another one/);
    expect(told[0]?.explanation).toEqual(
      expect.arrayContaining([
        `| ${path}/`,
        "| begin_time=19700101000000&limit=10&offset=0",
        `| x-project-id:${projectId}`,
      ]),
    );
  });
});

describe("a request that is signed by hand", () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock({ credentials: keys });
  });
  afterAll(() => mock.close());

  /** @param target of the request line @param signed the URL that is signed */
  async function send(target: string, signed: string) {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const headers = { host: new URL(mock.url).host, "x-sdk-date": date };
    const names = Object.keys(headers);
    const signature = signatureOf(new URL(signed), names, headers, keys.secretKey);
    const authorization = `SDK-HMAC-SHA256 Access=${keys.accessKey}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
    const { hostname, port } = new URL(mock.url);
    const sent = httpRequest({ hostname, port, path: target, headers: { ...headers, authorization } }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return { status: response.statusCode, body: (await json(response)) as { error_msg?: string } };
  }

  it.each([
    ["with its parameters in any order", "?offset=0&limit=10"],
    ["with escapes that nobody needs", "?lim%69t=1%30"],
    ["without a query", ""],
  ])("%s is answered, as a path and as a URL", async (_what, query) => {
    expect(await send(path + query, mock.url + path + query)).toMatchObject({ status: 200 });
    expect(await send(mock.url + path + query, mock.url + path + query)).toMatchObject({ status: 200 });
    expect(await send(path + query, `${mock.url}${path}${query || "?"}&limit=11`)).toMatchObject({ status: 401 });
  });

  it("is refused with the mistake that was made", async () => {
    const { status, body } = await send(`${path}?limit=10&offset=0`, mock.url + path);
    expect(status).toBe(401);
    expect(body.error_msg).toBe(
      "Incorrect IAM authentication information: The signature was made with the query left out",
    );
    expect(mock.requests.at(-1)?.explanation).toContain("| limit=10&offset=0");
  });
});
