// No credential ever leaks: not in an error, its stack or cause, in the client, or in the arguments of a hook.

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type Credentials, createDcsClient, type DcsClientOptions } from "../../src/client/index.ts";
import { type Answer, reply, startServer } from "./server.ts";

const token = "MIIsecret-token/0123456789==";
const keys = {
  accessKey: "ACCESSKEY0123456789",
  secretKey: "secret-key+0123456789/=",
  securityToken: "security-token-98765",
};
const secrets = [token, ...Object.values(keys)];

/** Everything that a log could print of a value. */
function everything(value: unknown): string {
  const { stack, message } = Object(value);
  return [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
    stack,
    message,
  ].join("\n");
}

function expectNoSecret(values: unknown[]) {
  expect(values.length).toBeGreaterThan(0);
  for (const text of values.map(everything)) {
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
}

describe.each<[string, Credentials]>([
  ["a token", { token }],
  ["keys", keys],
])("with %s", (_, credentials) => {
  /** Calls, and returns everything that could leak. */
  async function output(options: Partial<DcsClientOptions>) {
    const events: unknown[] = [];
    const hooks = {
      onRequest: (event: unknown) => events.push(event),
      onResponse: (event: unknown) => events.push(event),
    };
    const dcs = createDcsClient({
      endpoint: "https://dcs.example",
      projectId: "p",
      credentials,
      retry: false,
      ...hooks,
      ...options,
    });
    const outcome = await dcs.listBackupRecords("i").catch((error) => error);
    const path = { project_id: "p", instance_id: "i" };
    const raw = await dcs.raw
      .GET("/v2/{project_id}/instances/{instance_id}/backups", { params: { path } })
      .catch((error) => error);
    return { outcome, raw, all: [outcome, dcs, dcs.raw, raw.error ?? raw, ...events] };
  }
  const outputOf = async (answer: Answer) => {
    await using server = await startServer(answer);
    return await output({ endpoint: server.url });
  };
  const sent = (request: Parameters<Answer>[0]) => JSON.stringify(request.headers);

  it("it stays inside if all goes well", async () => {
    const { outcome, all } = await outputOf(reply(200, { total_num: 0 }));
    expect(outcome.total_num).toBe(0);
    expectNoSecret(all);
  });

  it.each<[string, Answer]>([
    [
      "in JSON",
      (request, response) =>
        reply(400, {
          error_code: "E",
          error_msg: sent(request),
          error_ext_msg: sent(request),
          request_id: sent(request),
        })(request, response),
    ],
    [
      "in JSON with escapes",
      (request, response) => {
        const escaped = sent(request).replace(/[=/]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
        reply(400, `{"error_code":"E","error_msg":${JSON.stringify(escaped).replaceAll("\\\\u", "\\u")}}`)(
          request,
          response,
        );
      },
    ],
    [
      "in a header",
      (request, response) =>
        reply(400, {}, { "X-Request-Id": String(request.headers["x-auth-token"]) })(request, response),
    ],
    ["in plain text", (request, response) => reply(500, sent(request))(request, response)],
    [
      "in a redirect",
      (request, response) => reply(302, "", { location: `https://evil.example/?${sent(request)}` })(request, response),
    ],
    ["instead of JSON", (request, response) => reply(200, sent(request).slice(1))(request, response)],
  ])("it stays inside if a server repeats it %s", async (_, answer) => {
    const { outcome, all } = await outputOf(answer);
    expect(outcome).toBeInstanceOf(Error);
    const [, ...others] = all;
    expectNoSecret([outcome, ...others.filter((value) => value instanceof Error)]);
  });

  it("it stays inside if fetch fails with its arguments in the error", async () => {
    const fetch = (url: string, init: RequestInit) => {
      const text = JSON.stringify([...new Headers(init.headers)]);
      throw Object.assign(
        new TypeError(`cannot fetch ${url} with ${text}`, { cause: { init, nested: [init.headers] } }),
        { init },
      );
    };
    const { outcome, all } = await output({ fetch });
    expect(outcome.name).toBe("DcsNetworkError");
    expect(outcome.message).toContain("cannot fetch");
    expectNoSecret(all);
  });

  it.each<[string, (init: RequestInit) => object]>([
    ["in a longer text", ({ headers }) => ({ log: `sent ${JSON.stringify(headers)}, got nothing` })],
    ["in Headers", ({ headers }) => ({ headers: new Headers(headers) })],
    ["in a Request", (init) => ({ request: new Request("https://dcs.example", { headers: init.headers ?? {} }) })],
    ["in a Map", ({ headers }) => ({ headers: new Map(Object.entries(headers ?? {})) })],
    ["deep down", ({ headers }) => ({ a: { b: { c: { d: { e: { f: { headers } } } } } } })],
    ["in an object that refers to itself", (init) => Object.assign(init, { again: init })],
  ])("it stays inside if fetch's error has it %s", async (_, carry) => {
    const fetch = (_: string, init: RequestInit) =>
      Promise.reject(Object.assign(new Error("lost"), { carry: carry(init) }));
    const { outcome, all } = await output({ fetch });
    expect(outcome.message).toBe("Request to https://dcs.example failed: lost");
    expectNoSecret(all);
  });

  it("it stays inside if there is no server", async () => {
    const { outcome, all } = await output({ endpoint: "http://127.0.0.1:9" });
    expect(outcome.name).toBe("DcsNetworkError");
    expect(outcome.cause).toBeInstanceOf(Error);
    expectNoSecret(all);
  });
});

it("a message keeps harmless words, such as undefined", async () => {
  await using server = await startServer(reply(400, "instance undefined"));
  const credentials = { accessKey: "AK-AK", secretKey: "SK-SK", securityToken: undefined };
  const listed = createDcsClient({ endpoint: server.url, projectId: "p", credentials }).listBackupRecords("i");
  await expect(listed).rejects.toThrow("HTTP 400: instance undefined.");
});

describe("an invalid credential", () => {
  it.each<[string, unknown]>([
    ["token", { token: `${token}\n` }],
    ["token", { token: `${token} ` }],
    ["token", { token: `${token}é` }],
    ["accessKey", { ...keys, accessKey: `${keys.accessKey}\r\nX: y` }],
    ["secretKey", { ...keys, secretKey: `${keys.secretKey}\u0000` }],
    ["securityToken", { ...keys, securityToken: `${keys.securityToken}\n` }],
    ["token", { token: [token] }],
    ["token", { token, accessKey: keys.accessKey, secretKey: keys.secretKey }],
    ["accessKey", token],
  ])("is named, and not shown: %s", async (name, credentials) => {
    const options = { region: "cn-north-4", projectId: "p" };
    const thrown: unknown[] = [];
    try {
      createDcsClient({ ...options, credentials: credentials as Credentials });
    } catch (error) {
      thrown.push(error);
    }
    const lazily = createDcsClient({ ...options, credentials: async () => credentials as Credentials });
    await lazily.listBackupRecords("i").catch((error) => thrown.push(error));
    expect(thrown).toHaveLength(2);
    for (const error of thrown) expect(String(error)).toContain(`TypeError: credentials.${name} is not usable`);
    expectNoSecret(thrown);
  });
});
