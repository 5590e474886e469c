// The environment of a process that we start: the settings to reach a registry, but no credentials of this call. A consumer's
// command belongs to the user, and gets everything.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkConsumer } from "../src/check/index.ts";
import { inherited } from "./environment.ts";

const passed = {
  NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/ca-certificates.crt",
  HTTPS_PROXY: "http://proxy.example:3128",
  npm_config_registry: "https://registry.example/",
};
const kept = { DCS_SECRET_KEY: "my-secret-key", DCS_AUTH_TOKEN: "my-token", dcs_endpoint: "https://dcs.example" };

beforeEach(() => {
  for (const [name, value] of Object.entries({ ...passed, ...kept })) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a process that we start", () => {
  it("gets the settings for a registry, and no credentials", async () => {
    const code = "console.log(JSON.stringify(process.env))";
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { env: inherited({ MORE: "1" }) });
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ ...passed, MORE: "1" });
    expect(Object.keys(found).filter((name) => name in kept)).toEqual([]);
  });

  it("gets what it is given explicitly", () => {
    expect(inherited({ DCS_AUTH_TOKEN: "given" })).toMatchObject({ ...passed, DCS_AUTH_TOKEN: "given" });
  });
});

describe("the command of a consumer", () => {
  it("gets everything", async () => {
    const { DCS_SECRET_KEY } = kept;
    const expected = { ...passed, DCS_SECRET_KEY };
    const code = `const expected = ${JSON.stringify(expected)};
      const missing = Object.keys(expected).filter((name) => process.env[name] !== expected[name]);
      if (missing.length > 0) process.exit(9);
      fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups", { headers: { "X-Auth-Token": "any" } })`;
    const { findings } = await checkConsumer({ command: process.execPath, args: ["-e", code] });
    expect(findings).toEqual([]);
  });
});
