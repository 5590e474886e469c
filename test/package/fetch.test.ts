// The client with the implementations of `fetch` that people have: a real one each, in each Node.js that it runs on.

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { run } from "./install.ts";
import { type Server, serve } from "./loopback.ts";

const project = inject("project");
const { resolve } = createRequire(import.meta.url);
const urlOf = (name: string) => JSON.stringify(pathToFileURL(resolve(name)).href);

const page = { total_num: 1, backup_record_response: [{ backup_id: "first" }] };
let requests = 0;
let service: Server;
beforeAll(async () => {
  service = await serve((request, response) => {
    requests += 1;
    const [, kind] = request.url?.split("/") ?? [];
    if (kind === "bad") response.writeHead(400).end('{"error_code":"DCS.4800","error_msg":"No"}');
    else if (kind === "moved") response.writeHead(302, { location: "/elsewhere" }).end();
    else if (kind === "large") response.writeHead(200).end(JSON.stringify({ ...page, more: "x".repeat(2000) }));
    else if (kind === "silent") response.writeHead(200).write("{");
    else response.writeHead(200).end(JSON.stringify(page));
  });
});
afterAll(() => service.close());

/** What each implementation of `fetch` is made of, before the client is. */
const implementations = {
  "the one of Node.js": "",
  undici: `const { fetch } = await import(${urlOf("undici")});`,
  "node-fetch 3": `const { default: fetch } = await import(${urlOf("node-fetch")});`,
  "node-fetch 2": `const { default: { default: fetch } } = await import(${urlOf("node-fetch-2")});`,
};
const inPages = {
  "whatwg-fetch, in a page": `
    const { JSDOM } = await import(${urlOf("jsdom")});
    const { window } = new JSDOM("", { url });
    Object.assign(globalThis, { self: window, XMLHttpRequest: window.XMLHttpRequest, Blob: window.Blob, FileReader: window.FileReader });
    const { fetch } = await import(${urlOf("whatwg-fetch")});`,
  "the one of Node.js, with the signals of a page": `
    const { JSDOM } = await import(${urlOf("jsdom")});
    const { window } = new JSDOM("");
    Object.assign(globalThis, { AbortController: window.AbortController, AbortSignal: window.AbortSignal });`,
};

const program = (implementation: string) => `
  import { createDcsClient } from "dcs-backup-records";
  const url = process.argv[2];
  process.on("warning", ({ name }) => console.log(name));
  ${implementation}
  const own = typeof fetch === "function" ? { fetch } : {};
  const list = async (kind, options) => {
    const client = createDcsClient({ endpoint: url + "/" + kind, projectId: "p", credentials: { token: "any" }, ...own, ...options });
    try {
      const { total_num } = await client.listBackupRecords("i", options);
      return total_num;
    } catch ({ name, message }) {
      return name + ": " + message;
    }
  };
  const outcomes = [];
  for (const kind of ["good", "bad", "moved"]) outcomes.push(await list(kind, {}));
  outcomes.push(await list("large", { maxBodyBytes: 1000 }), await list("silent", { timeoutMs: 100 }));
  const { signal } = new AbortController();
  const many = await Promise.all(Array.from({ length: 50 }, () => list("good", { signal })));
  console.log(JSON.stringify([...outcomes, new Set(many).size]));
  process.exit();
`;

const outcomes = [
  1,
  "DcsApiError: HTTP 400, DCS.4800: No.",
  "DcsResponseError: HTTP 302, but it redirects to /elsewhere, which is not followed",
  "DcsResponseError: HTTP 200, but the body exceeds 1000 bytes",
  "DcsTimeoutError: No answer within 100 ms",
  1,
];

async function using(node: string, implementation: string, number: number) {
  const file = `fetch-${number}.mjs`;
  await writeFile(join(project, file), program(implementation));
  requests = 0;
  const { stdout } = await run(node, [file, service.url], { cwd: project });
  return stdout.replaceAll(service.url, "");
}

const nodes = {
  "Node.js 20.19": join(dirname(resolve("node-20.19/package.json")), "bin/node"),
  "Node.js 24": process.execPath,
};

describe.each(Object.entries(nodes))("on %s", (version, node) => {
  const all = version === "Node.js 24" ? { ...implementations, ...inPages } : implementations;

  it.each(Object.entries(all))("%s serves the client", async (name, implementation) => {
    const printed = await using(node, implementation, Object.keys(all).indexOf(name));
    // XMLHttpRequest follows redirects by itself.
    const isRedirected = name.startsWith("whatwg-fetch");
    expect(JSON.parse(printed)).toEqual(isRedirected ? outcomes.with(2, 1) : outcomes);
    expect(requests).toBe(isRedirected ? 56 : 55);
  });
});
