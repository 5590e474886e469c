// A page of many records, and a program that reads one in a process of its own, so that its memory is its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Probe } from "../../src/check/model/exchange.ts";

const chunkBytes = 65_536;

/** The body of a 200 answer with so many records, each of its own. */
export function pageBody(records: number): Buffer {
  const parts: Buffer[] = [Buffer.from(`{"total_num":${records},"backup_record_response":[`)];
  let text = "";
  for (let index = 0; index < records; index += 1) {
    text += `${index > 0 ? "," : ""}${record(index)}`;
    if (text.length < chunkBytes && index < records - 1) continue;
    parts.push(Buffer.from(text));
    text = "";
  }
  parts.push(Buffer.from("]}"));
  return Buffer.concat(parts);
}

function record(index: number): string {
  const created = new Date(1_557_477_076_166 + index * 60_000);
  return JSON.stringify({
    backup_id: `4631832a-14c6-45b0-a0b3-${index.toString(16).padStart(12, "0")}`,
    period: index % 2 ? "22:00-23:00" : null,
    backup_name: `backup_${index}`,
    instance_id: "instance",
    size: 880_232 + index,
    backup_type: index % 2 ? "auto" : "manual",
    created_at: created.toISOString(),
    updated_at: new Date(created.getTime() + 74_380).toISOString(),
    progress: "100.00",
    error_code: null,
    remark: "",
    status: "succeed",
    is_support_restore: "TRUE",
  });
}

async function main(what: string, records: number): Promise<void> {
  const { applyRules } = await import("../../src/check/engine/apply.ts");
  const { rules } = await import("../../src/check/provider/rules/index.ts");
  const { asPage, parseBody } = await import("../../src/check/model/exchange.ts");
  const { probesOf } = await import("../../src/check/provider/probes.ts");
  const { baseContract: contract } = await import("../../src/wire/contract.ts");
  const { compileSchemas } = await import("../../scripts/schemas.ts");
  const validate = compileSchemas(
    JSON.parse(readFileSync(join(import.meta.dirname, "../../generated/openapi.json"), "utf8")),
  );
  const [probe] = probesOf(contract) as [Probe];
  const documented = contract.responses.get(contract.page.status);
  const headers = new Headers({ "content-type": "application/json" });

  const check = (body: Buffer) => {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < body.length; at += chunkBytes) chunks.push(body.subarray(at, at + chunkBytes));
    const exchange = {
      probe,
      url: "",
      query: {},
      answer: { status: 200, documented, headers, ...parseBody(chunks, body.length) },
    };
    const page = asPage(exchange, contract.page);
    const pages = new Map(page ? [[probe.id, page]] : []);
    const run = { contract, instanceId: "instance", secrets: ["not-in-the-body"], exchanges: [exchange], pages };
    return applyRules(rules, run, (text) => text).findings.length;
  };
  const ajv = (body: Buffer) =>
    validate(["components", "schemas", "ListBackupRecordsResponse"], JSON.parse(body.toString())).length;

  const work = what === "ajv" ? ajv : check;
  for (const small = pageBody(1000), end = performance.now() + 500; performance.now() < end; ) work(small);
  const body = pageBody(records);
  const rounds = Math.max(1, Math.round(20_000 / records));
  const start = performance.now();
  let faults = 0;
  for (let round = 0; round < rounds; round += 1) faults += work(body);
  if (faults > 0) throw new Error(`The page of the benchmark has ${faults} faults`);
  const microseconds = ((performance.now() - start) * 1000) / rounds / records;
  const peakMB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ microseconds, bytes: body.length, peakMB }));
}

if (import.meta.main) await main(process.argv[2] ?? "", Number(process.argv[3]));
