// The bundle in a real Chromium: a page, and a worker of that page, list backups from a service of another origin.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, smallest } from "../package/bundle.ts";
import { install, pack } from "../package/install.ts";
import {
  call,
  keys,
  listed,
  program,
  type Server,
  serve,
  serveBackups,
  temporaryKeys,
  token,
} from "../package/loopback.ts";
import { launchChromium } from "./chromium.ts";

const files: Record<string, { type: string; text: string }> = {
  "/": {
    type: "text/html",
    text: `<!doctype html><script src="bundle.js"></script><script src="program.js"></script><script>
      const worker = new Worker("worker.js");
      const inWorker = (code) => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(code);
      });
    </script>`,
  },
  "/program.js": { type: "text/javascript", text: program },
  "/worker.js": {
    type: "text/javascript",
    text: `importScripts("bundle.js", "program.js");
      onmessage = async ({ data }) => postMessage(await eval(data));`,
  },
};

let folder: string;
let browser: Browser;
let page: Page;
const servers: Server[] = [];
const start = async (starting: Promise<Server>) => {
  servers.push(await starting);
  return starting;
};
let service: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "browser-"));
  browser = await launchChromium();
  const { code } = await bundle(await install(await pack(folder), folder), smallest);
  files["/bundle.js"] = { type: "text/javascript", text: code };
  const site = await start(
    serve(({ url = "" }, response) => {
      const { type, text } = files[url] ?? { type: "text/plain", text: "" };
      response.writeHead(text === "" ? 404 : 200, { "Content-Type": type }).end(text);
    }),
  );
  service = await start(serveBackups({ cors: true }));
  page = await browser.newPage();
  await page.goto(site.url);
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) await server.close();
  await rm(folder, { recursive: true, force: true });
});

const realms = [
  { realm: "a page", scope: "Window", evaluate: (code: string) => page.evaluate(code) },
  {
    realm: "a worker",
    scope: "DedicatedWorkerGlobalScope",
    evaluate: (code: string) => page.evaluate(`inWorker(${JSON.stringify(code)})`),
  },
];

describe.each(realms)("$realm with the bundle", ({ scope, evaluate }) => {
  it(`runs in a ${scope}`, async () => {
    expect(await evaluate("globalThis.constructor.name")).toBe(scope);
  });

  it.each([
    ["a token", token],
    ["a pair of keys", keys],
    ["temporary keys", temporaryKeys],
  ])("lists backups with %s", async (_what, credentials) => {
    expect(await evaluate(call(service, credentials))).toEqual(listed);
  });

  it.each([
    ["token", { token: "not-mine" }, "another token"],
    ["secret key", { ...keys, secretKey: "not-mine" }, "another signature"],
  ])("is refused with another %s", async (_what, credentials, reason) => {
    const message = expect.stringContaining(reason);
    expect(await evaluate(call(service, credentials))).toEqual({ name: "DcsApiError", message });
  });

  it("is blocked by the browser from a service that does not allow CORS", async () => {
    const closed = await start(serveBackups({ cors: false }));
    const message = expect.stringContaining(`${closed.url} failed`);
    expect(await evaluate(call(closed, token))).toEqual({ name: "DcsNetworkError", message });
  });
});
