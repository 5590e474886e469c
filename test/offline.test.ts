// The guard that keeps `npm test` off the network fails tests that use it, and allows loopback.

import { execFile } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { reply, startServer } from "./client/server.ts";
import { takeRefused } from "./offline.ts";

const run = promisify(execFile);

/** An address that RFC 5737 reserves for examples: nobody is there. */
const elsewhere = "http://192.0.2.1:8080/";

it("a connection to another machine is refused, and reported with the name of the test", async () => {
  const error = await fetch(elsewhere).catch((error) => error);
  expect(error.cause.message).toBe("npm test needs no network: no connection to 192.0.2.1:8080 (test/offline.cjs)");
  expect(takeRefused()).toEqual([{ test: expect.getState().currentTestName, place: "192.0.2.1:8080" }]);
});

it.each([
  ["by name", () => connect(443, "registry.example.com"), "registry.example.com:443"],
  ["by options", () => connect({ host: "2001:db8::1", port: 80 }), "2001:db8::1:80"],
  ["to what only begins like loopback", () => connect(80, "127.0.0.1.example.com"), "127.0.0.1.example.com:80"],
])("so is one %s", async (_how, open, place) => {
  await expect(new Promise((_, reject) => open().once("error", reject))).rejects.toThrow(place);
  expect(takeRefused().map((refused) => refused.place)).toEqual([place]);
});

it("so is a connection of a process that a test starts, however deep", async () => {
  const ask = `fetch(${JSON.stringify(elsewhere)}).catch(() => console.log("refused"))`;
  const inner = `require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(ask)}], { stdio: "inherit" })`;
  expect((await run(process.execPath, ["-e", inner])).stdout).toBe("refused\n");
  expect(takeRefused()).toEqual([{ test: expect.getState().currentTestName, place: "192.0.2.1:8080" }]);
});

it("loopback is allowed, by each of its names", async () => {
  await using server = await startServer(reply(204));
  const { port } = new URL(server.url);
  for (const host of ["127.0.0.1", "localhost"]) expect((await fetch(`http://${host}:${port}`)).status).toBe(204);
  expect(takeRefused()).toEqual([]);
});

it("a name that does not exist is not found, without a lookup", async () => {
  const error = await fetch("http://dcs.invalid/").catch((error) => error);
  expect(error.cause).toMatchObject({ code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND dcs.invalid" });
  expect(takeRefused()).toEqual([]);
});
