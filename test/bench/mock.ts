// The cost of the service behind Prism: the mock against Prism alone with an example of the same size, each in its own
// process.

import { type ChildProcess, fork } from "node:child_process";
import { Agent, get } from "node:http";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { startMock } from "../../src/mock/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { duel, summarize } from "./duel.ts";
import { pageBody } from "./page-body.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";

const aims = { throughput: 0.9, start: 1.1, megabytes: 250 };
const starts = 9;

/** What a process of this module is started as. */
const kinds = {
  prism: startPrismAlone,
  mock: (records: number) => startMock({ records }).then(({ url }) => url),
};

export async function benchMock(_workspace: string, signal: AbortSignal): Promise<string> {
  note("starting each in turn …");
  const times: Record<keyof typeof kinds, number[]> = { prism: [], mock: [] };
  for (let round = 0; round < starts; round += 1) {
    signal.throwIfAborted();
    for (const kind of round % 2 === 0 ? (["prism", "mock"] as const) : (["mock", "prism"] as const)) {
      const start = performance.now();
      const { child } = await startProcess(kind, 1);
      times[kind].push(performance.now() - start);
      child.kill();
    }
  }
  const start = median(times.mock.map((time, round) => time / (times.prism[round] ?? Number.NaN)));

  note("a page of 100 of 2500 records …");
  const [prism, mock] = [await startProcess("prism", 100), await startProcess("mock", 2500)];
  const agent = new Agent({ keepAlive: true });
  const ask = (url: string) => async () => {
    const page = JSON.parse(await fetchPage(`${url}${path}?limit=100`, agent));
    if (page.backup_record_response.length !== 100) throw new Error("The page does not have 100 records");
  };
  const throughput = summarize(await duel(ask(prism.url), ask(mock.url), 10, signal));
  agent.destroy();
  for (const { child } of [prism, mock]) child.kill();

  note("100 000 records …");
  const memory = async (kind: keyof typeof kinds, records: number) => {
    const { child, url } = await startProcess(kind, records);
    await fetchPage(`${url}${path}?limit=1000&offset=50000&begin_time=20000101000000`, new Agent());
    const bytes = await memoryOf(child);
    child.kill();
    return bytes / 1e6;
  };
  const least = await memory("prism", 1);
  const megabytes = await memory("mock", 100_000);

  const perSecond = (microseconds: number) => (1e6 / microseconds).toFixed(0);
  const rate = 1 / throughput.ratio;
  return [
    describeMachine(),
    table([
      ["", "Prism alone", "the mock", "ratio", "aim", ""],
      [
        "requests a second, 100 records each",
        perSecond(throughput.theirs),
        perSecond(throughput.ours),
        rate.toFixed(2),
        `>= ${aims.throughput}`,
        verdict(rate >= aims.throughput),
      ],
      [
        "start, in ms",
        median(times.prism).toFixed(0),
        median(times.mock).toFixed(0),
        start.toFixed(2),
        `<= ${aims.start}`,
        verdict(start <= aims.start),
      ],
      [
        "memory in MB, the mock with 100 000 records",
        least.toFixed(0),
        megabytes.toFixed(0),
        "",
        `< ${aims.megabytes}`,
        verdict(megabytes < aims.megabytes),
      ],
    ]),
  ].join("\n");
}

const path = baseContract.operation.path.replace(/{(\w+)}/g, (_, name) =>
  String(baseContract.parameters.get(name)?.example),
);

const fetchPage = (url: string, agent: Agent) =>
  new Promise<string>((resolve, reject) =>
    get(url, { agent, headers: { "X-Auth-Token": "any" } }, (answer) => text(answer).then(resolve, reject)).on(
      "error",
      reject,
    ),
  );

async function startProcess(kind: keyof typeof kinds, records: number): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(import.meta.filename, [kind, String(records)], { execArgv: ["--expose-gc"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(message)));
    child.once("exit", () => reject(new Error(`${kind} did not start`)));
  });
  return { child, url };
}

const memoryOf = (child: ChildProcess) =>
  new Promise<number>((resolve) => {
    child.once("message", (bytes) => resolve(Number(bytes)));
    child.send("memory");
  });

/** Prism as its own command line starts it, on the contract with one example of so many records. */
async function startPrismAlone(records: number): Promise<string> {
  const require = createRequire(import.meta.url);
  const { createServer }: typeof import("@stoplight/prism-http-server") = require("@stoplight/prism-http-server");
  const { getHttpOperationsFromSpec }: typeof import("@stoplight/prism-http") = require("@stoplight/prism-http");
  const { createLogger }: typeof import("@stoplight/prism-core") = require("@stoplight/prism-core");
  const document = structuredClone(baseContract.document());
  const [name = ""] = baseContract.responses.get(baseContract.page.status)?.examples ?? [];
  const example = document.components.examples[name];
  if (example) example.value = JSON.parse(pageBody(records).toString());
  const server = createServer(await getHttpOperationsFromSpec(document), {
    cors: true,
    components: { logger: createLogger("prism", { level: "silent" }) },
    config: {
      mock: { dynamic: false },
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: false,
      isProxy: false,
      upstreamProxy: undefined,
    },
  });
  return await server.listen(0, "127.0.0.1");
}

if (import.meta.main) {
  const [kind = "", records] = process.argv.slice(2);
  process.on("message", () => {
    globalThis.gc?.();
    process.send?.(process.memoryUsage.rss());
  });
  process.once("disconnect", () => process.exit());
  process.send?.(await kinds[kind as keyof typeof kinds](Number(records)));
}
