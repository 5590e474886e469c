// The server for the client's measurements: on loopback, in its own process, with minimal work per response.

import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pageBody } from "./page-body.ts";

export interface Server {
  url: string;
  stop(): void;
}

export async function startServer(): Promise<Server> {
  const child = fork(import.meta.filename, { execArgv: [] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(message)));
    child.once("exit", () => reject(new Error("The server of the benchmark did not start")));
  });
  return { url, stop: () => child.kill() };
}

function serve(): void {
  const pages = new Map<number, Buffer>();
  const server = createServer((request, response) => {
    const limit = Number(new URL(request.url ?? "", "http://localhost").searchParams.get("limit"));
    const body = pages.get(limit) ?? pageBody(limit);
    pages.set(limit, body);
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(`http://127.0.0.1:${port}`);
  });
  process.once("disconnect", () => process.exit());
}

if (import.meta.main) serve();
