// The package in a bundle: it needs no Node, and few bytes.

import { createHash } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { bundle, smallest } from "./bundle.ts";
import { call, keys, listed, program, type Server, serveBackups, token } from "./loopback.ts";

/** Bytes, minified and gzipped: our own code, with openapi-fetch (2600 by itself), and with the signing code. */
const limits = { own: 6000, all: 8000, withKeys: 11_500 };

const project = inject("project");

describe("a bundle of the client", () => {
  it.each(["browser", "neutral"] as const)(
    "can be made for the platform %s: it imports nothing of Node",
    async (platform) => {
      const { code } = await bundle(project, smallest, { platform });
      expect(code).toMatch(/x-sdk-date/i);
      const spoilt = `${smallest} import { readFileSync } from "node:fs"; globalThis.read = readFileSync;`;
      await expect(bundle(project, spoilt, { platform })).rejects.toThrow('Could not resolve "node:fs"');
    },
  );

  it("has nothing of the package if nothing of it is used", async () => {
    const { code } = await bundle(project, 'import { createDcsClient } from "dcs-backup-records";', { format: "esm" });
    expect(code.trim()).toBe("");
  });

  it("uses no Node global in our own code; openapi-fetch only looks for process", async () => {
    const names = ["process", "Buffer", "global", "setImmediate", "__dirname", "__filename"];
    const marked = async (program: string) => {
      const define = Object.fromEntries(names.map((name) => [name, `NODE_${name}`]));
      const { code } = await bundle(project, program, { define, external: ["openapi-fetch"] });
      return [...code.matchAll(/NODE_(\w+)/g)].map(([, name]) => name);
    };
    expect(await marked(smallest)).toEqual([]);
    for (const name of names) expect(await marked(`${smallest} ${name}.use();`)).toEqual([name]);
  });

  it(`has at most ${limits.own} bytes with a token, minified and gzipped, and ${limits.all} with openapi-fetch`, async () => {
    const split = { format: "esm", splitting: true } as const;
    const own = await bundle(project, smallest, { external: ["openapi-fetch"], ...split });
    expect(own.bytes, own.weights).toBeLessThanOrEqual(limits.own);
    const all = await bundle(project, smallest, split);
    expect(all.weights).toMatch(/^ *\d+ {2}node_modules\/openapi-fetch\//m);
    expect(all.bytes, all.weights).toBeLessThanOrEqual(limits.all);
    for (const { weights } of [own, all]) expect(weights).not.toMatch(/noble|signature/);
  });

  it(`has at most ${limits.withKeys} bytes with the code for a pair of keys`, async () => {
    const all = await bundle(project, smallest);
    expect(all.weights).toMatch(/^ *\d+ {2}node_modules\/@noble\/hashes\//m);
    expect(all.bytes, all.weights).toBeLessThanOrEqual(limits.withKeys);
  });

  it("is measured input by input, to show which one makes it too large", async () => {
    const hashes = Array.from({ length: 200 }, (_, at) => createHash("sha256").update(String(at)).digest("base64"));
    const heavy = await bundle(project, `${smallest} globalThis.ballast = "${hashes.join("")}";`);
    expect(heavy.bytes).toBeGreaterThan(limits.all);
    expect(heavy.weights).toMatch(/^ *8[89]\d\d {2}program\.js$/m);
  });
});

describe("a realm with the bundle and no more than the web's globals", () => {
  const { fetch, Request, Response, Headers, URL, URLSearchParams, TextEncoder, TextDecoder } = globalThis;
  const { AbortController, AbortSignal, crypto, setTimeout, clearTimeout, performance } = globalThis;
  const http = { fetch, Request, Response, Headers, URL, URLSearchParams, TextEncoder, TextDecoder };
  const web = { ...http, AbortController, AbortSignal, crypto, setTimeout, clearTimeout, performance };

  async function openRealm(globals: object = web): Promise<(code: string) => Promise<unknown>> {
    const realm = createContext({ ...globals });
    const { code } = await bundle(project, smallest);
    runInContext(code + program, realm);
    return async (line) => structuredClone(await runInContext(line, realm));
  }

  let service: Server;
  beforeAll(async () => {
    service = await serveBackups({ cors: false });
  });
  afterAll(() => service.close());

  it.each([
    ["a token", token],
    ["a pair of keys", keys],
  ])("lists backups with %s", async (_what, credentials) => {
    const evaluate = await openRealm();
    expect(await evaluate(call(service, credentials))).toEqual(listed);
  });

  it("has nothing of Node, and signs without crypto, as on a page without a secure context", async () => {
    const evaluate = await openRealm();
    for (const name of ["process", "Buffer", "require", "global"]) {
      await expect(evaluate(`${name}.use()`)).rejects.toThrow(`${name} is not defined`);
    }
    const { crypto: _, ...poor } = web;
    expect(await (await openRealm(poor))(call(service, keys))).toEqual(listed);
  });
});
