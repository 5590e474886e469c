// What `check provider` says where a proxy stands between it and the server, or should.

import { createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { checkProvider, type Report } from "../../src/check/index.ts";
import { listening } from "./broken.ts";
import { provider, run, withToken } from "./command.ts";
import { instanceId, projectId, token } from "./service.ts";

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
      "Proxy response (407) !== 200 when HTTP Tunneling: the proxy wants credentials, as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (UND_ERR_ABORTED)",
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
    ["an object that says nothing", {}, "fetch failed"],
    ["a number for a code", new DOMException("stopped", "AbortError"), "stopped"],
    ["an error of several addresses", new AggregateError(addresses), "connect ECONNREFUSED ::1:443"],
    ["an error of no addresses", new AggregateError([], "none"), "none"],
    ["a circle", circle, expect.stringMatching(/^(Request was cancelled\.|Proxy response \(418\))$/)],
  ])("is told where its cause is %s", async (_what, cause, message) => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed", { cause })));
    const options = { server, projectId, instanceId, credentials: { token } };
    const report = await checkProvider(options).finally(() => vi.unstubAllGlobals());
    expect(report.outcome).toBe("could-not-run");
    expect(report.findings.map(({ rule, message }) => [rule, message])).toEqual([["reachable", message]]);
  });
});
