// The options of checkProvider: which are rejected, and which rules and probes they select.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { checkProvider, type ProviderOptions } from "../../src/check/index.ts";
import { probesOf } from "../../src/check/provider/probes.ts";
import { rules } from "../../src/check/provider/rules/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { type Answer, reply, type Server, startServer } from "../client/server.ts";
import { startBroken } from "./broken.ts";
import { gallery } from "./gallery/index.ts";
import { everyStatus, instanceId, projectId, serve, service, token } from "./service.ts";

const probes = probesOf(baseContract);

let server: Server;
beforeAll(async () => {
  server = await startServer(serve(service({ records: everyStatus })));
});
afterAll(() => server[Symbol.asyncDispose]());

const check = (options: Partial<ProviderOptions> = {}) =>
  checkProvider({ server: server.url, projectId, instanceId, credentials: { token }, ...options });

const keys = { accessKey: "AK", secretKey: "SK" };

describe("an option is rejected before anything is sent", () => {
  // A rejected value, an accepted one, and what the error must name.
  // biome-ignore lint/suspicious/noExplicitAny: a rejected option can have any form
  const options: [keyof ProviderOptions, any, any, RegExp][] = [
    ["server", "dcs.example", "http://dcs.invalid", /^server must be a URL/],
    ["server", undefined, "http://dcs.invalid", /^server must be a URL/],
    ["server", "ftp://dcs.invalid", "http://dcs.invalid", /^server must be a URL/],
    ["server", "http://user:pass@dcs.invalid", "http://dcs.invalid/", /^server must not hold credentials/],
    ["server", "http://dcs.invalid/?a=b", "http://dcs.invalid/base", /^server must be the base URL/],
    ["server", "http://dcs.invalid/#a", "http://dcs.invalid/base/", /^server must be the base URL/],
    ["projectId", "", "p", /^projectId must be an ID, not ""/],
    ["projectId", "..", "...", /^projectId must be an ID, not "\.\."/],
    ["instanceId", undefined, "i", /^instanceId must be a string/],
    ["instanceId", "\ud800", "\u00e9/?#", /^instanceId must be an ID/],
    ["credentials", undefined, { token: "t" }, /^credentials\.accessKey is not usable/],
    ["credentials", { token: "" }, { token: "t" }, /^credentials\.token is not usable/],
    ["credentials", { token: "t\n" }, { token: "t" }, /^credentials\.token is not usable/],
    ["credentials", { accessKey: "AK" }, keys, /^credentials\.secretKey is not usable/],
    ["credentials", { ...keys, securityToken: "" }, { ...keys, securityToken: "t" }, /^credentials\.securityToken is/],
    ["headers", { "a b": "1" }, { a_b: "1" }, /^headers has a name or a value that HTTP cannot carry: "a b"$/],
    ["headers", { a: "1\r\nb: 2" }, { a: "1 b: 2" }, /^headers has a name or a value that HTTP cannot carry: "a"$/],
    [
      "headers",
      { "x-auth-TOKEN": "t" },
      { "X-Api-Key": "t" },
      /^headers must not have "x-auth-TOKEN": the check sets it itself$/,
    ],
    [
      "headers",
      { Connection: "close" },
      { Accept: "*/*" },
      /^headers must not have "Connection": the check sets it itself$/,
    ],
    ["begin", "2026-01-01", "20260101000000", /^begin must be a Date/],
    ["begin", "20260230000000", "20260228000000", /^begin is on a day that its month does not have: 20260230000000$/],
    ["end", "20260431000000", "20260430000000", /^end is on a day that its month does not have/],
    ["begin", new Date("x"), new Date(0), /^begin must be a Date/],
    ["end", "20261301000000", "20261201000000", /^end must be a Date/],
    ["only", ["no-such"], ["status"], /^only has "no-such", which is not the id of a rule or request$/],
    ["only", ["reachable"], ["reachable", "status"], /^skip leaves no rule to apply$/],
    ["skip", ["Status"], ["status"], /^skip has "Status", which is not the id/],
    ["skip", rules.map(({ id }) => id), rules.slice(1, -1).map(({ id }) => id), /^skip leaves no rule to apply$/],
    ["timeoutMs", 0, 1, /^timeoutMs must be an integer from 1 to 2147483647, not 0/],
    ["timeoutMs", 2 ** 31, 2 ** 31 - 1, /^timeoutMs must be an integer/],
    ["deadlineMs", 1.5, 1, /^deadlineMs must be an integer/],
    ["deadlineMs", "1000", 1000, /^deadlineMs must be an integer/],
    ["maxBodyBytes", Number.NaN, 1, /^maxBodyBytes must be an integer/],
    ["maxBodyBytes", 2 ** 30, 2 ** 28, /^maxBodyBytes must be an integer from 1 to 5\d{8}, not 1073741824/],
    ["failOn", "info", "warning", /^failOn must be "error" or "warning"/],
  ];

  it.each(options)("%s: %j, and %j is not", async (name, refused, accepted, message) => {
    server.received.length = 0;
    await expect(check({ [name]: refused })).rejects.toThrow(message);
    expect(server.received).toEqual([]);
    const report = await check({ [name]: accepted });
    expect(report.rules).toHaveLength(rules.length);
  });

  it("if it is a begin after the end, and not at the end", async () => {
    const end = "20260101000000";
    await expect(check({ begin: "20260101000001", end })).rejects.toThrow(/^begin must not be after the end$/);
    expect((await check({ begin: end, end })).findings).toEqual([]);
  });

  it("if there are none at all", async () => {
    await expect(checkProvider(undefined as never)).rejects.toThrow(/^credentials\.accessKey is not usable/);
  });

  it("if it is a header that signing sets, which a token leaves free", async () => {
    const headers = { Authorization: "Basic dXNlcjpw" };
    await expect(check({ credentials: keys, headers })).rejects.toThrow(/^headers must not have "Authorization"/);
    expect((await check({ headers })).findings).toEqual([]);
    for (const name of ["Host", "X-Sdk-Date", "X-Project-Id"])
      await expect(check({ credentials: keys, headers: { [name]: "other" } })).rejects.toThrow(
        "the check sets it itself",
      );
  });

  it("and its error has no secret", async () => {
    const secret = "a secret\nin two lines";
    for (const options of [{ credentials: { token: secret } }, { headers: { a: secret } }]) {
      const error = await check(options).catch((error) => error);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).not.toContain("secret\n");
      expect(JSON.stringify(error.message)).not.toContain("in two lines");
    }
  });
});

describe("only and skip", () => {
  const sent = async (options: Partial<ProviderOptions>) => {
    server.received.length = 0;
    const asked: string[] = [];
    const report = await check({ ...options, onProbe: ({ id }) => asked.push(id) });
    expect(server.received).toHaveLength(asked.length);
    return { asked, applied: report.rules.filter(({ result }) => result !== "skipped").map(({ id }) => id), report };
  };
  const blocking = rules.filter(({ blocks }) => blocks).map(({ id }) => id);
  const always = probes.filter(({ when }) => !when).map(({ id }) => id); // always sent

  it("take ids that are unique", () => {
    const ids = [...rules, ...probes].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it("select rules, and keep those on whether the check could run", async () => {
    const { asked, applied, report } = await sent({ only: ["size", "json"] });
    expect(asked).toEqual(always);
    expect(new Set(applied)).toEqual(new Set([...blocking, "size", "json"]));
    expect(report.summary.skipped).toBe(rules.length - applied.length);
  });

  it("select probes, together with the first one and the twin", async () => {
    expect((await sent({ only: ["past-the-end", "page-past-the-end"] })).asked).toEqual(["list", "page-past-the-end"]);
    expect((await sent({ only: ["offset-negative"] })).asked).toEqual(["list", "second-page", "offset-negative"]);
    expect((await sent({ only: ["offset-negative"] })).applied.length).toBeGreaterThan(blocking.length);
  });

  it("leave out rules and probes, and probes whose twin is left out", async () => {
    const { asked, applied } = await sent({ skip: ["json", "window", "limit"] });
    expect(asked).toEqual(always.filter((id) => !["window", "time-too-short", "month-13"].includes(id)));
    expect(applied).not.toContain("json");
    expect(applied).not.toContain("limit");
    expect(applied).toContain("status");
  });

  it("work together: skip wins", async () => {
    const { asked, applied } = await sent({
      only: ["json", "size", "first-page", "second-page"],
      skip: ["size", "second-page"],
    });
    expect(asked).toEqual(["list", "first-page"]);
    expect(new Set(applied)).toEqual(new Set([...blocking, "json"]));
  });

  it("ignore the faults of a skipped rule", async () => {
    const entry = gallery.find(({ name }) => name === "size is a string");
    if (!entry) throw new Error("The gallery has no such server");
    await using server = await startBroken(entry);
    expect((await check({ server: server.url })).ok).toBe(false);
    expect((await check({ server: server.url, skip: ["page-schema"] })).ok).toBe(true);
    expect((await check({ server: server.url, only: ["page-schema"] })).ok).toBe(false);
  });

  it.each<[string, Answer, string]>([
    ["without the path", reply(404, {}), "HTTP 404"],
    ["that redirects", reply(302, "", { location: "/" }), "HTTP 302"],
    ["that fails", reply(500, {}), "HTTP 500"],
    ["that never answers", () => {}, "No complete response came within the 200 ms allowed for a request"],
    ["that hangs up", (_, response) => response.destroy(), "The connection was closed"],
  ])("never pass a server %s", async (_, answer, came) => {
    await using server = await startServer(answer);
    for (const only of [["limit"], ["utf-8", "size"]]) {
      const report = await check({ server: server.url, only, timeoutMs: 200 });
      expect(report.outcome).toBe("could-not-run");
      expect(report.findings).toMatchObject([{ rule: "judged", message: expect.stringContaining(came) }]);
    }
  });

  it("report only once why there is no page, if a selected rule does", async () => {
    for (const status of [401, 404, 429]) {
      await using server = await startServer(reply(status, {}, { "retry-after": "99" }));
      const { findings } = await check({ server: server.url, only: ["status"] });
      expect(findings.map(({ rule }) => rule)).toEqual([
        { 401: "credentials", 404: "status", 429: "rate-limit" }[status],
      ]);
    }
  });
});

it("speaks of the arguments of its functions, and never of the options of a command", async () => {
  const files = await readdir(join(repository, "src"), { recursive: true });
  const library = files.filter((file) => /^(wire|client|mock|check).*\.ts$/.test(file));
  const offending: string[] = [];
  for (const file of library) {
    const text = await readFile(join(repository, "src", file), "utf8");
    for (const [option] of text.replaceAll("--save-dev", "").matchAll(/(?<![\w-])--[a-z][a-z-]+/g))
      offending.push(`${file}: ${option}`);
  }
  expect(library.length).toBeGreaterThan(50);
  expect(offending).toEqual([]);
});
