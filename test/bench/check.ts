// The cost of checking a response, against bare Ajv with the same schema.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/repository.ts";
import { compileSchemas } from "../../scripts/schemas.ts";
import { applyRules } from "../../src/check/engine/apply.ts";
import { asPage, type Probe, parseBody } from "../../src/check/model/exchange.ts";
import { probesOf } from "../../src/check/provider/probes.ts";
import { rules } from "../../src/check/provider/rules/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { pageFaults } from "../../src/wire/validate.ts";
import { duel, summarize, time } from "./duel.ts";
import { pageBody } from "./page-body.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";

const aim = 1.3;
const sizes = [1_000, 100_000];

export async function benchCheck(_workspace: string, signal: AbortSignal): Promise<string> {
  const readBundle = () => JSON.parse(readFileSync(join(repository, "generated/openapi.json"), "utf8"));
  const path = ["components", "schemas", "ListBackupRecordsResponse"];
  const validate = compileSchemas(readBundle());
  const compare = async (theirs: () => number, ours: () => number) =>
    summarize(
      await duel(
        async () => refuse(theirs()),
        async () => refuse(ours()),
        5,
        signal,
      ),
    );

  note("a page of 1000 records, the schema alone …");
  const page = JSON.parse(pageBody(1000).toString());
  const schema = await compare(
    () => validate(path, page).length,
    () => [...pageFaults(baseContract, page)].length,
  );

  note("the schema with its compilation …");
  const compiling: number[] = [];
  while (compiling.length < 11) {
    compiling.push(await time(async () => refuse(compileSchemas(readBundle())(path, page).length), 1));
  }

  const rows = [["records", "JSON.parse and Ajv, per record", "check, per record", "ratio", "half of the rounds"]];
  for (const size of sizes) {
    note(`a whole answer, ${size} records …`);
    const body = pageBody(size);
    const whole = await compare(
      () => validate(path, JSON.parse(body.toString())).length,
      () => check(body),
    );
    const perRecord = (microseconds: number) => `${(microseconds / size).toFixed(2)} µs`;
    rows.push([String(size), perRecord(whole.theirs), perRecord(whole.ours), whole.ratio.toFixed(2), whole.spread]);
  }
  return [
    describeMachine(),
    `Schema part, 1000 records: ${schema.ratio.toFixed(2)} of bare Ajv (middle half ${schema.spread}); at most ${aim}: ${verdict(schema.ratio <= aim)}`,
    `Compiling that schema at run time takes ${(median(compiling) / 1000).toFixed(1)} ms more; ours is compiled by the build`,
    "",
    "A whole answer, from its bytes to the report:",
    table(rows),
  ].join("\n");
}

/** Every rule on one response, as it comes from the network. */
function check(body: Buffer): number {
  const contract = baseContract;
  const [probe] = probesOf(contract) as [Probe];
  const documented = contract.responses.get(contract.page.status);
  const headers = new Headers({ "content-type": "application/json" });
  const answer = { status: 200, documented, headers, ...parseBody({ chunks: [body], bytes: body.length }) };
  const exchange = { probe, url: "", query: {}, headers: {}, answer };
  const page = asPage(exchange, contract.page);
  const pages = new Map(page ? [[probe.id, page]] : []);
  const run = { contract, instanceId: "instance", secrets: ["not-in-the-body"], exchanges: [exchange], pages };
  return applyRules(rules, run, (text) => text).findings.length;
}

/** @throws {Error} if there are faults: then something else would be measured */
function refuse(faults: number): void {
  if (faults > 0) throw new Error(`The page of the benchmark has ${faults} faults`);
}
