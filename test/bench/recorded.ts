// The cost of judging recorded exchanges, against JSON.parse and bare Ajv with the same schema; and whether time and memory
// stay the same for each exchange, however many there are.

import { fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas } from "../../scripts/schemas.ts";
import { checkRecorded } from "../../src/check/index.ts";
import { harEnd, harStart, toHar } from "../../src/check/recorded/har-entry.ts";
import { toLine } from "../../src/check/recorded/ndjson.ts";
import type { Recorded } from "../../src/check/recorded/recorded.ts";
import { duel, summarize } from "./duel.ts";
import { pageBody } from "./page-body.ts";
import { describeMachine, note, table, verdict } from "./report.ts";

const aims = { ratio: 1.5, linear: 1.2, megabytes: 60 };
const sizes = { compared: 2_000, small: 10_000, large: 100_000 };
const forms = ["ndjson", "har"] as const;
type Form = (typeof forms)[number];

export async function benchRecorded(workspace: string, signal: AbortSignal): Promise<string> {
  const file = (form: Form, exchanges: number) => join(workspace, `${exchanges}.${form}`);
  const rows = [["2000 exchanges, 10 records each", "JSON.parse and Ajv", "check recorded", "ratio", "aim", ""]];
  for (const form of forms) {
    note(`${form}, against JSON.parse and Ajv …`);
    const path = file(form, sizes.compared);
    await writeTraffic(path, form, sizes.compared);
    const validate = compileSchemas(JSON.parse(readFileSync(join(repository, "generated/openapi.json"), "utf8")));
    const theirs = async () => refuse(readAlone[form](path, (page) => validate(schema, page).length));
    const ours = async () => refuse((await checkRecorded({ files: [path] })).findings.length);
    const { ratio, ...times } = summarize(await duel(theirs, ours, 10, signal));
    const perSecond = (microseconds: number) => ((1e6 * sizes.compared) / microseconds).toFixed(0);
    rows.push([
      `${form}, exchanges a second`,
      perSecond(times.theirs),
      perSecond(times.ours),
      ratio.toFixed(2),
      `<= ${aims.ratio}`,
      verdict(ratio <= aims.ratio),
    ]);
  }
  const growth = [["each in a process of its own", "10 000", "100 000", "", "aim", ""]];
  for (const form of forms) {
    const measured: Measured[] = [];
    for (const exchanges of [sizes.small, sizes.large]) {
      signal.throwIfAborted();
      note(`${form}, ${exchanges} exchanges …`);
      const path = file(form, exchanges);
      await writeTraffic(path, form, exchanges);
      measured.push(await measure(path, exchanges));
    }
    const [small, large] = measured as [Measured, Measured];
    const linear = large.microseconds / small.microseconds;
    const more = large.megabytes - small.megabytes;
    growth.push(
      [
        `${form}, µs an exchange`,
        ...measured.map(({ microseconds }) => microseconds.toFixed(1)),
        linear.toFixed(2),
        `<= ${aims.linear}`,
        verdict(linear <= aims.linear),
      ],
      [
        `${form}, peak memory in MB`,
        ...measured.map(({ megabytes }) => megabytes.toFixed(0)),
        `+${more.toFixed(0)}`,
        `< +${aims.megabytes}`,
        verdict(more < aims.megabytes),
      ],
    );
  }
  return [describeMachine(), table(rows), "", table(growth)].join("\n");
}

const schema = ["components", "schemas", "ListBackupRecordsResponse"];

/** Without streams: whole files in memory. */
const readAlone: Record<Form, (path: string, validate: (page: unknown) => number) => number> = {
  ndjson(path, validate) {
    let faults = 0;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line !== "") faults += validate(JSON.parse(JSON.parse(line).response.body.text));
    }
    return faults;
  },
  har: (path, validate) =>
    JSON.parse(readFileSync(path, "utf8")).log.entries.reduce(
      (faults: number, { response }: { response: { content: { text: string } } }) =>
        faults + validate(JSON.parse(response.content.text)),
      0,
    ),
};

/** Ten pages each of twenty instances, again and again, with an ID of its own for each request. */
function exchangeAt(index: number): Recorded {
  const instance = `instance-${index % 20}`;
  const offset = (Math.floor(index / 20) % 10) * 10;
  const ids = index.toString(16).padStart(8, "0"); // no two pages are the same
  const text = pageBody(10).toString().replaceAll('"instance"', `"${instance}"`).replaceAll("4631832a", ids);
  return {
    place: { file: "", entry: index + 1 },
    startedAt: new Date(1_780_000_000_000 + index * 50),
    durationMs: 20,
    request: {
      method: "GET",
      url: `https://dcs.sa-brazil-1.myhuaweicloud.com/v2/0b33da72c10045ecbd8b3b4ac4b34ca7/instances/${instance}/backups?limit=10&offset=${offset}`,
      httpVersion: "HTTP/1.1",
      headers: [
        ["Host", "dcs.sa-brazil-1.myhuaweicloud.com"],
        ["Accept", "application/json"],
        ["User-Agent", "export/1.0"],
        ["X-Auth-Token", "MIIEzAYJKoZIhvcNAQcCoIIEvTCCBLkCAQExDTALBglghkgBZQ".repeat(10)],
        ["X-Request-Id", `request-${index}`],
      ],
      body: { text: "" },
    },
    response: {
      status: 200,
      headers: [
        ["Content-Type", "application/json"],
        ["Date", new Date(1_780_000_000_000 + index * 50).toUTCString()],
        ["X-Request-Id", `request-${index}`],
      ],
      body: { text: text.replace('"total_num":10', '"total_num":100') },
    },
  };
}

async function writeTraffic(path: string, form: Form, exchanges: number): Promise<void> {
  const stream = createWriteStream(path);
  const isHar = form === "har";
  if (isHar) stream.write(harStart);
  for (let index = 0; index < exchanges; index += 1) {
    const separator = index === exchanges - 1 ? "" : ",";
    const text = isHar ? toHar(exchangeAt(index)) + separator : toLine(exchangeAt(index));
    if (!stream.write(`${text}\n`)) await once(stream, "drain");
  }
  stream.end(isHar ? harEnd : "");
  await once(stream, "close");
}

interface Measured {
  microseconds: number;
  megabytes: number;
}

async function measure(path: string, exchanges: number): Promise<Measured> {
  const child = fork(import.meta.filename, [path, String(exchanges)], { execArgv: ["--max-semi-space-size=4"] });
  const [[message]] = await Promise.all([once(child, "message"), once(child, "exit")]);
  return message as Measured;
}

/** @throws {Error} if there are faults: then something else would be measured */
function refuse(faults: number): void {
  if (faults > 0) throw new Error(`The traffic of the benchmark has ${faults} faults`);
}

if (import.meta.main) {
  const [path = "", exchanges] = process.argv.slice(2);
  const start = performance.now();
  const report = await checkRecorded({ files: [path] });
  const microseconds = ((performance.now() - start) * 1000) / Number(exchanges);
  refuse(report.findings.length);
  if (report.exchanges?.ofCall !== Number(exchanges)) throw new Error("Not all exchanges were judged");
  process.send?.({ microseconds, megabytes: process.resourceUsage().maxRSS / 1024 });
}
