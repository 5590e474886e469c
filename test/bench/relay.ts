// What the relay costs a request: through it, with its judge and its recording, against the same request asked directly. Service
// and relay have a process each.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { checkRelay } from "../../src/check/index.ts";
import { callUrl } from "../../src/wire/url.ts";
import { duel, summarize } from "./duel.ts";
import { pageBody } from "./page-body.ts";
import { describeMachine, note, table, verdict } from "./report.ts";

const aim = 1.1;
const serviceMs = 20;

export async function benchRelay(workspace: string, signal: AbortSignal): Promise<string> {
  const service = await startProcess("service");
  const rows = [
    [`a request to a service that takes ${serviceMs} ms, in ms`, "directly", "by the relay", "ratio", "aim", ""],
  ];
  const agent = new Agent({ keepAlive: true });
  for (const [what, record] of [
    ["judged", ""],
    ["judged and recorded", join(workspace, "relay.ndjson")],
  ] as const) {
    note(`${what} …`);
    const relay = await startProcess("relay", service.url, record);
    const { ratio, theirs, ours } = summarize(await duel(ask(service.url, agent), ask(relay.url, agent), 10, signal));
    await relay.stop();
    const inMs = (microseconds: number) => (microseconds / 1000).toFixed(2);
    rows.push([what, inMs(theirs), inMs(ours), ratio.toFixed(3), `<= ${aim}`, verdict(ratio <= aim)]);
  }
  agent.destroy();
  await service.stop();
  return [describeMachine(), table(rows)].join("\n");
}

const path = callUrl("", { project_id: "project", instance_id: "instance" });

const ask = (url: string, agent: Agent) => () =>
  new Promise<string>((resolve, reject) => {
    const headers = { accept: "application/json", "X-Auth-Token": "the-token-of-the-bench" };
    get(`${url}${path}?limit=10`, { agent, headers }, (answer) => text(answer).then(resolve, reject)).on(
      "error",
      reject,
    );
  });

/** What a process of this module is started as. */
const kinds = {
  async service() {
    const body = pageBody(10);
    const server = createServer(async (_, response) => {
      await sleep(serviceMs);
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    tell(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(process, "disconnect");
    process.exit();
  },
  async relay(server: string, record: string) {
    const stop = new AbortController();
    process.once("disconnect", () => stop.abort());
    const { findings } = await checkRelay({ server, signal: stop.signal, onStart: tell, ...(record && { record }) });
    if (findings[0]) throw new Error(`The traffic of the benchmark has faults: ${findings[0].message}`);
  },
};

const tell = (url: string) => {
  process.send?.(url);
};

async function startProcess(kind: keyof typeof kinds, ...args: string[]) {
  const child: ChildProcess = fork(import.meta.filename, [kind, ...args]);
  const ended = once(child, "exit");
  const [url] = await Promise.race([once(child, "message"), ended.then(() => Promise.reject(new Error(`No ${kind}`)))]);
  return {
    url: String(url),
    async stop() {
      child.disconnect();
      const [code] = await ended;
      if (code !== 0) throw new Error(`The ${kind} failed`);
    },
  };
}

if (import.meta.main) {
  const [kind = "", ...args] = process.argv.slice(2);
  await kinds[kind as keyof typeof kinds](...(args as [string, string]));
}
