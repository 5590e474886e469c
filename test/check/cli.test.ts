// `check provider`: its requests, its output and its exit codes.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../src/check/provider/rules/index.ts";

import { reply, type Server, startServer } from "../client/server.ts";
import { check, provider, run, secrets, startBroken, startConforming, withToken } from "./command.ts";
import { example } from "./reports.ts";

let conforming: Server;
beforeAll(async () => {
  conforming = await startConforming();
});
afterAll(() => conforming[Symbol.asyncDispose]());

describe("check provider", () => {
  it("exits with 0 if the server conforms, with a short report and nothing on stderr", async () => {
    const { code, stdout, stderr } = await run(provider(conforming.url), withToken);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^✓ http:.* conforms to contract .*\n {2}Fits every revision.*\n {2}Left out, or nothing to check: .*\n {2}Coverage of the contract: seen \d+ of \d+ \(\d+ %\); never seen:\n( {4}.*\n)+$/,
    );
  });

  it("exits with 1 if the server violates the contract", async () => {
    await using server = await startBroken();
    const { code, stdout, stderr } = await run(provider(server.url), withToken);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("total_num should be integer");
  });

  it("exits with 2 if the server cannot be reached or rejects the credentials", async () => {
    const server = await startBroken();
    await server[Symbol.asyncDispose]();
    const gone = await check(server.url);
    expect(gone).toMatchObject({ code: 2, stderr: "", stdout: expect.stringContaining("ECONNREFUSED") });
    await using shut = await startServer(reply(401, {}));
    const refused = await check(shut.url);
    expect(refused).toMatchObject({
      code: 2,
      stderr: "",
      stdout: expect.stringContaining("the credentials are rejected"),
    });
  });

  it("signs with keys from the environment", async () => {
    await using server = await startBroken();
    const keys = { DCS_ACCESS_KEY: secrets.accessKey, DCS_SECRET_KEY: secrets.secretKey };
    await check(server.url, ["--only", "list"], { ...keys, DCS_SECURITY_TOKEN: "my-security-token" });
    const { headers = {} } = server.received[0] ?? {};
    expect(headers.authorization).toMatch(/^SDK-HMAC-SHA256 Access=my-access-key, /);
    expect(headers).toMatchObject({ "x-project-id": example.projectId, "x-security-token": "my-security-token" });
    expect(headers["x-auth-token"]).toBeUndefined();
  });

  it("sends each header, and never prints its value", async () => {
    await using server = await startServer((request, response) => {
      reply(200, { total_num: 0, backup_record_response: [], echo: request.headers["x-gateway-key"] })(
        request,
        response,
      );
    });
    const headers = ["--header", `\nX-Gateway-Key: ${secrets.secretKey}\r\n\nX-More: 3\n`, "--header", "X-Other:1:2"];
    const { code, stdout } = await check(server.url, headers);
    expect(server.received.length).toBeGreaterThan(0);
    for (const { headers } of server.received)
      expect(headers).toMatchObject({ "x-gateway-key": secrets.secretKey, "x-more": "3", "x-other": "1:2" });
    expect(code).toBe(1);
    expect(stdout).toContain("The body repeats a secret of the request");
  });

  it("treats an option with an empty value as not given, as CI passes it for an absent input", async () => {
    await using server = await startServer(reply(204));
    const { code } = await check(server.url);
    const asked = server.received.map(({ target }) => target);
    const names = ["header", "begin", "end", "only", "skip", "timeout", "deadline", "fail-on", "format", "output"];
    const empty = await check(server.url, [...names.map((name) => `--${name}=`), "--timeout", "5000"]);
    expect(empty).toMatchObject({ code, stdout: expect.stringMatching(/^. http/m), stderr: "" });
    expect(server.received.map(({ target }) => target)).toEqual([...asked, ...asked]);
  });

  it("asks for the given time window", async () => {
    await using server = await startBroken();
    const times = ["--begin", "20260101000000", "--end", "20260201000000"];
    await check(server.url, ["--only=window", ...times]);
    const targets = server.received.map((request) => request.target.replace(/^.*\/backups/, ""));
    expect(targets).toEqual(["", "?begin_time=20260101000000&end_time=20260201000000"]);
  });

  it("applies only the selected rules, and sends only the selected requests", async () => {
    await using server = await startBroken();
    const { code, stdout } = await check(server.url, ["--format", "json", "--only", "total, list", "--only=size"]);
    expect(server.received).toHaveLength(1);
    expect(code).toBe(2); // there is nothing for them to look at
    const skipped = await check(server.url, [
      "--format=json",
      "--only",
      "list",
      "--skip",
      "page-schema,total",
      "--skip=json",
    ]);
    expect(skipped.code).toBe(0);
    const applied = (json: string) =>
      JSON.parse(json).rules.flatMap(({ id, result }: Record<string, string>) => (result === "skipped" ? [] : [id]));
    const blocking = rules.filter(({ blocks }) => blocks).map(({ id }) => id);
    expect(applied(stdout).filter((id: string) => !blocking.includes(id))).toEqual([]);
    expect(applied(skipped.stdout)).toEqual(expect.arrayContaining(["page-fields", "media-type"]));
    expect(applied(skipped.stdout)).not.toEqual(expect.arrayContaining(["json"]));
  });

  it("stops a request after --timeout, and the run after --deadline", async () => {
    await using server = await startServer(() => {});
    const late = await check(server.url, ["--timeout", "100"]);
    expect(late).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("No complete response came within the 100 ms allowed for a request"),
    });
    const over = await check(server.url, ["--deadline", "100"]);
    expect(over).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("All requests together took longer than the 100 ms allowed"),
    });
  });

  it("fails on warnings with --fail-on warning", async () => {
    await using server = await startServer(reply(204));
    const only = ["--only", "list,empty-204"];
    expect(await check(server.url, only)).toMatchObject({ code: 0, stdout: expect.stringContaining("! empty-204") });
    expect((await check(server.url, [...only, "--fail-on", "error"])).code).toBe(0);
    expect((await check(server.url, [...only, "--fail-on", "warning"])).code).toBe(1);
  });
});
