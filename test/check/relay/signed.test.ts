// Signed requests through the relay: the client signs for the relay's host, and the service gets a signature for its own.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Credentials, createDcsClient } from "../../../src/client/index.ts";
import { type Mock, startMock } from "../../../src/mock/index.ts";
import { verify } from "../../../src/mock/verify.ts";
import { algorithm } from "../../../src/wire/signature-algorithm.ts";
import { startServer } from "../../client/server.ts";
import { hmac, received, sha256 } from "../../mock/arrived.ts";
import { relayTo } from "./wire.ts";

const keys = { accessKey: "ACCESS-KEY-1", secretKey: "the-secret-key-1" };
const temporary = { ...keys, securityToken: "the-security-token-1" };
const projectId = "0b33da72c10045ecbd8b3b4ac4b34ca7";
const instanceId = "5560df16-cebf-4473-95c4-d1b573c16e79";

/** What the client of this package gets through a relay that has some keys, from a mock that accepts these or others. */
async function call(mock: Mock, relayKeys: typeof temporary | typeof keys | undefined, credentials: Credentials) {
  await using relay = await relayTo(mock.url, { keys: relayKeys });
  const client = createDcsClient({ endpoint: relay.url, projectId, credentials, retry: false });
  const page = { beginTime: new Date(0), limit: 10, offset: 0 };
  const result = await client.listBackupRecords(instanceId, page).catch((error: Error) => error);
  await relay.close();
  const told = JSON.stringify([relay.notes, relay.passed.map(({ refusal }) => refusal)]);
  for (const secret of [...Object.values(temporary), ...Object.values(credentials)]) expect(told).not.toContain(secret);
  return { result, notes: relay.notes, refusals: relay.passed.map(({ refusal }) => refusal?.reason) };
}

const accepted = { total_num: 1 };
const refused = { name: "DcsApiError", status: 401 };

describe("a client that signs", () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock({ credentials: keys });
  });
  afterAll(() => mock.close());

  it("is accepted by the service if the relay has its keys", async () => {
    expect(await call(mock, keys, keys)).toEqual({
      result: expect.objectContaining(accepted),
      notes: [],
      refusals: [undefined],
    });
  });

  it("is refused if the relay has none, which says why, and what mends it", async () => {
    const { result, notes, refusals } = await call(mock, undefined, keys);
    expect(result).toMatchObject(refused);
    expect(refusals).toEqual([undefined]);
    expect(notes).toEqual([expect.stringMatching(/covers the host .* Set DCS_ACCESS_KEY and DCS_SECRET_KEY/)]);
  });

  it("is told so once, however often it asks", async () => {
    await using relay = await relayTo(mock.url);
    const client = createDcsClient({ endpoint: relay.url, projectId, credentials: keys, retry: false });
    for (const _ of "123") await expect(client.listBackupRecords(instanceId)).rejects.toMatchObject(refused);
    expect(relay.notes).toHaveLength(1);
  });

  it("with another secret key is refused, as it would be without the relay, and told why", async () => {
    const { result, refusals } = await call(mock, keys, { ...keys, secretKey: "another-secret-key" });
    expect(result).toMatchObject(refused);
    expect(refusals).toEqual([expect.stringMatching(/^The signature differs: the secret key is another one/)]);
  });

  it("is refused by a service that has other keys than the relay", async () => {
    const other = { ...keys, secretKey: "another-secret-key" };
    const { result, refusals } = await call(mock, other, other);
    expect(result).toMatchObject(refused);
    expect(refusals).toEqual([undefined]);
  });

  it("with temporary keys is accepted too", async () => {
    await using strict = await startMock({ credentials: temporary });
    expect(await call(strict, temporary, temporary)).toMatchObject({ result: accepted, refusals: [undefined] });
    const { result, refusals } = await call(strict, temporary, keys);
    expect(result).toMatchObject(refused);
    expect(refusals).toEqual(["X-Security-Token is missing: the keys are temporary ones"]);
  });
});

it("a token passes as it is, whether or not the relay has keys", async () => {
  await using mock = await startMock({ credentials: { token: "the-token-of-the-mock" } });
  for (const relayKeys of [keys, undefined]) {
    const got = await call(mock, relayKeys, { token: "the-token-of-the-mock" });
    expect(got).toEqual({ result: expect.objectContaining(accepted), notes: [], refusals: [undefined] });
  }
});

describe("what is signed anew", () => {
  /** A service under a base path, which tells whether it accepts the signature. */
  const verifying = () =>
    startServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const { method = "", url = "", headers } = request;
      const given = { method, at: new Date(), bodyBytes: body.length, bodyHash: sha256(body) };
      const refusal = verify(received(url, headers, given), keys);
      response.end(refusal?.reason ?? `accepted ${method} ${url} ${body.length} ${request.rawHeaders.join("|")}`);
    });

  const date = () => new Date().toISOString().replace(/[-:]|\.\d+/g, "");

  /** Signs by hand, as the other SDKs do. */
  function signed(url: string, method: string, headers: Record<string, string>, body: string) {
    const { pathname, search, host } = new URL(url);
    const all: Record<string, string> = { host, "x-sdk-date": date(), ...headers };
    const names = Object.keys(all).sort();
    const hash = headers["x-sdk-content-sha256"] ?? sha256(body);
    const canonical = [
      method,
      `${pathname}/`,
      search.slice(1),
      ...names.map((name) => `${name}:${all[name]}`),
      "",
      names.join(";"),
      hash,
    ].join("\n");
    const signature = hmac(keys.secretKey, [algorithm, all["x-sdk-date"], sha256(canonical)].join("\n"));
    const { host: _, ...sent } = all;
    const Authorization = `${algorithm} Access=${keys.accessKey}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
    return { ...sent, Authorization };
  }

  it.each<[string, string, string, Record<string, string>, string]>([
    ["a path under the base path of the service", "GET", "/v2/p/instances/i/backups?limit=1&offset=0", {}, ""],
    ["a body", "POST", "/other", {}, "a body"],
    ["a body that the client does not hash", "PUT", "/other", { "x-sdk-content-sha256": "UNSIGNED-PAYLOAD" }, "a body"],
    ["other headers", "GET", "/other", { "x-mine": "1", "content-type": "a/b" }, ""],
  ])("covers %s, and nothing else of the request changes", async (_what, method, target, headers, body) => {
    await using service = await verifying();
    await using relay = await relayTo(`${service.url}/base`, { keys });
    const sent = signed(relay.url + target, method, headers, body);
    const response = await fetch(relay.url + target, { method, headers: sent, ...(body && { body }) });
    const got = await response.text();
    expect(got).toMatch(/^accepted /);
    expect(got).toContain(`accepted ${method} /base${target} ${body.length} `);
    const { Authorization, ...others } = sent;
    expect(got).toContain(Authorization.slice(0, Authorization.indexOf("Signature=")));
    for (const [name, value] of Object.entries(others)) expect(got).toContain(`|${name}|${value}|`);
  });

  it("is not a body that is larger than what is kept: it passes as it is", async () => {
    await using service = await verifying();
    await using relay = await relayTo(service.url, { keys, maxBodyBytes: 4 });
    for (const [body, answer] of [
      ["four", /^accepted/],
      ["x".repeat(2 ** 20), /^The signature (differs|was made)/],
    ] as const) {
      const headers = signed(`${relay.url}/other`, "POST", {}, body);
      expect(await (await fetch(`${relay.url}/other`, { method: "POST", headers, body })).text()).toMatch(answer);
    }
    await relay.close();
    expect(relay.passed.map(({ refusal }) => refusal?.reason)).toEqual([
      undefined,
      "The body is too large for the relay to sign it anew",
    ]);
  });
});
