// What `check provider` says where a proxy stands between it and the server, or should.

import { createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { checkProvider, type Report } from "../../src/check/index.ts";
import { proxyHint } from "../../src/check/provider/proxy.ts";
import type { Environment } from "../surroundings.ts";
import { type Broken, listening, nowhere, sockets } from "./broken.ts";
import { provider, run, withToken } from "./command.ts";
import { everyStatus, instanceId, projectId, service, token } from "./service.ts";

const password = "password-of-the-proxy";
const server = "https://dcs.invalid";

/** A proxy that answers each CONNECT with that status line. */
const startProxy = (statusLine: string) =>
  listening(
    createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(`HTTP/1.1 ${statusLine}\r\nContent-Length: 0\r\n\r\n`));
    }),
    "http",
    new Set(),
  );

const reported = (stdout: string) =>
  (JSON.parse(stdout) as Report).findings.map(({ rule, message }) => [rule, message]);

describe("a proxy that builds no tunnel", () => {
  it.each([
    [
      "407 Proxy Authentication Required",
      "Proxy response (407) !== 200 when HTTP Tunneling: HTTPS_PROXY needs credentials (UND_ERR_ABORTED)",
    ],
    ["403 Forbidden", "Proxy response (403) !== 200 when HTTP Tunneling (UND_ERR_ABORTED)"],
    ["502 Bad Gateway", "Proxy response (502) !== 200 when HTTP Tunneling (UND_ERR_ABORTED)"],
  ])("since it answers with %s is named as the reason, and the check could not run", async (statusLine, message) => {
    await using proxy = await startProxy(statusLine);
    const url = proxy.url.replace("//", `//user:${password}@`);
    const set = { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: url, https_proxy: url, NO_PROXY: "", no_proxy: "" };
    const { code, stdout, stderr } = await run([...provider(server), "--format", "json"], { ...withToken, ...set });
    expect({ code, reported: reported(stdout) }).toEqual({ code: 2, reported: [["reachable", message]] });
    expect(stdout + stderr).not.toContain(password);
  });
});

describe("why a request failed", () => {
  const circle = new Error("Request was cancelled.");
  circle.cause = new Error("Proxy response (418)", { cause: circle });
  const addresses = [new Error("connect ECONNREFUSED ::1:443"), new Error("connect ECONNREFUSED 127.0.0.1:443")];

  it.each<[string, unknown, string]>([
    ["an error in an error", new Error("outer", { cause: new Error("inner") }), "inner"],
    ["an error without a message", new Error("outer", { cause: new Error("") }), "outer"],
    ["a code alone", new Error("outer", { cause: { code: "EAI_AGAIN" } }), "outer (EAI_AGAIN)"],
    ["a text", "no route to host", "no route to host"],
    ["an object with a message", { message: "no route", code: "ENETUNREACH" }, "no route (ENETUNREACH)"],
    [
      "an object that says nothing",
      {},
      "fetch gives no reason, as for status 407: a proxy may need credentials, in HTTP_PROXY or HTTPS_PROXY",
    ],
    ["a number for a code", new DOMException("stopped", "AbortError"), "stopped"],
    ["an error of several addresses", new AggregateError(addresses), "connect ECONNREFUSED ::1:443"],
    ["an error of no addresses", new AggregateError([], "none"), "none"],
    ["a circle", circle, expect.stringMatching(/^(Request was cancelled\.|Proxy response \(418\))$/)],
  ])("is told where its cause is %s", async (_what, cause, message) => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed", { cause })));
    for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, "");
    const options = { server, projectId, instanceId, credentials: { token } };
    const report = await checkProvider(options).finally(() => {
      vi.unstubAllGlobals();
      vi.unstubAllEnvs();
    });
    expect(report.outcome).toBe("could-not-run");
    expect(report.findings.map(({ rule, message }) => [rule, message])).toEqual([["reachable", message]]);
  });
});

describe("a proxy that is set, and that Node ignores,", () => {
  const proxy = `http://user:${password}@proxy.example:3128`;
  const unset = { HTTP_PROXY: "", http_proxy: "", HTTPS_PROXY: "", https_proxy: "", NO_PROXY: "", no_proxy: "" };
  const conforming = service({ records: everyStatus });

  const ended = async (url: string, environment: Environment, nodeArgs: string[] = []) => {
    const all = { ...withToken, ...unset, NODE_USE_ENV_PROXY: "", ...environment };
    const { code, stdout, stderr } = await run([...provider(url), "--timeout", "1000"], all, nodeArgs);
    expect(stdout + stderr).not.toContain(password);
    return { code, stdout };
  };

  it.each<[string, Broken["start"], number]>([
    ["has no address", nowhere(server.replace("https:", "http:")), 2],
    ["does not listen", nowhere(), 2],
    ["does not answer", sockets(() => {}), 1],
    ["hangs up at once", sockets((socket) => socket.end()), 1],
  ])("is named where the server %s", async (_what, start, exitCode) => {
    await using started = await start(conforming);
    const { code, stdout } = await ended(started.url, { http_proxy: proxy });
    expect(code).toBe(exitCode);
    expect(stdout).toContain("; http_proxy is set, and Node ignores it: set NODE_USE_ENV_PROXY=1 as well\n");
  });

  it.each<[string, Environment, string[]]>([
    ["there is none", {}, []],
    ["it is asked already", { HTTP_PROXY: "http://127.0.0.1:1", NODE_USE_ENV_PROXY: "1" }, []],
    ["it is asked already, by an option", { HTTP_PROXY: "http://127.0.0.1:1" }, ["--use-env-proxy"]],
    ["it is not for this server", { HTTP_PROXY: proxy, NO_PROXY: "localhost,127.0.0.1" }, []],
    ["it is for https:// alone", { HTTPS_PROXY: proxy }, []],
  ])("is not named where %s", async (_what, environment, nodeArgs) => {
    await using started = await nowhere()(conforming);
    const { code, stdout } = await ended(started.url, environment, nodeArgs);
    expect(code).toBe(2);
    expect(stdout).toContain("ECONNREFUSED");
    expect(stdout).not.toContain("is set");
  });

  it("is not named where the server was reached", async () => {
    await using started = await sockets((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"))(
      conforming,
    );
    expect((await ended(started.url, { http_proxy: proxy })).stdout).not.toContain("is set");
  });

  const hintOf = (url: string, env: Environment, node = "24.0.0", execArgv: string[] = []) =>
    proxyHint(new URL(url), { env, execArgv, versions: { node } });

  it.each([
    ["24.0.0", "; HTTPS_PROXY is set, and Node ignores it: set NODE_USE_ENV_PROXY=1 as well"],
    ["26.1.0", "; HTTPS_PROXY is set, and Node ignores it: set NODE_USE_ENV_PROXY=1 as well"],
    ["22.21.0", "; HTTPS_PROXY is set, and Node ignores it: set NODE_USE_ENV_PROXY=1 as well"],
    [
      "22.20.1",
      "; HTTPS_PROXY is set, and Node 22.20.1 ignores it: take Node 24 or later, or 22.21, and set NODE_USE_ENV_PROXY=1 as well",
    ],
    [
      "20.20.2",
      "; HTTPS_PROXY is set, and Node 20.20.2 ignores it: take Node 24 or later, or 22.21, and set NODE_USE_ENV_PROXY=1 as well",
    ],
  ])("is heeded by Node %s only so", (version, hint) => {
    expect(hintOf(server, { HTTPS_PROXY: proxy }, version)).toBe(hint);
    const isAble = !hint.includes("take Node");
    expect(hintOf(server, { HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: "1" }, version) === "").toBe(isAble);
  });

  it("has to be a URL, or Node would not start", () => {
    const hint = hintOf(server, { https_proxy: `user:${password}@proxy.example:3128` });
    expect(hint).toContain("; https_proxy is set, ");
    expect(hint).toContain(" as well, and write the proxy as http://HOST:PORT");
    expect(hint).not.toContain(password);
  });

  it.each<[string, string, boolean]>([
    ["", "https://dcs.example.com", true],
    ["*", "https://dcs.example.com", false],
    ["*,127.0.0.1", "https://dcs.example.com", false],
    ["dcs.example.com", "https://dcs.example.com", false],
    ["DCS.Example.COM", "https://dcs.example.com", false],
    ["example.com", "https://dcs.example.com", false],
    [".example.com", "https://dcs.example.com", false],
    ["*.example.com", "https://dcs.example.com", false],
    ["localhost example.com", "https://dcs.example.com", false],
    ["ample.com", "https://dcs.example.com", true],
    ["other.example.com, ,", "https://dcs.example.com", true],
    ["dcs.example.com:443", "https://dcs.example.com", false],
    ["dcs.example.com:8443", "https://dcs.example.com:8443", false],
    ["dcs.example.com:8443", "https://dcs.example.com", true],
    ["10.1.2.3", "https://10.1.2.3", false],
    ["10.0.0.0/8", "https://10.1.2.3", false],
    ["10.0.0.0/16", "https://10.1.2.3", true],
    ["10.0.0.0/99,10.1.2.3/x", "https://10.1.2.3", true],
    ["10.0.0.0/8", "https://dcs.example.com", true],
    ["::1", "https://[::1]:8443", false],
    ["[::1]", "https://[::1]:8443", false],
    ["[::1]:8443", "https://[::1]:8443", false],
    ["fd00::/8", "https://[fd00::1]", false],
    ["1::/8", "https://10.1.2.3", true],
  ])("is not for what NO_PROXY has: %j, %s", (list, url, isNamed) => {
    for (const name of ["NO_PROXY", "no_proxy"])
      expect(hintOf(url, { HTTPS_PROXY: proxy, [name]: list }) !== "").toBe(isNamed);
  });

  it.each<[string, Environment, string[]]>([
    ["by NODE_OPTIONS", { NODE_OPTIONS: "--max-old-space-size=99 --use-env-proxy" }, []],
    ["by an option", {}, ["--use-env-proxy"]],
    ["by an option with underscores", {}, ["--use_env_proxy"]],
  ])("may be asked already %s", (_what, environment, execArgv) => {
    expect(hintOf(server, { HTTPS_PROXY: proxy, ...environment }, "24.5.0", execArgv)).toBe("");
    expect(hintOf(server, { HTTPS_PROXY: proxy }, "24.5.0")).not.toBe("");
  });
});
