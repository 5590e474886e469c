// What the client is measured against: a server on loopback, in a process of its own, that has a million backup records
// and spends next to nothing on an answer.

import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const records = 1_000_000;

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

const record = JSON.stringify({
  backup_id: "00000000-0000-0000-0000-000000000000",
  period: "22:00-23:00",
  backup_name: "backup_20190510163116",
  instance_id: "5560df16-cebf-4473-95c4-d1b573c16e79",
  size: 880232,
  backup_type: "auto",
  created_at: "2019-05-10T08:31:16.166Z",
  updated_at: "2019-05-10T08:32:30.546Z",
  progress: "100.00",
  error_code: null,
  remark: "made by the backup schedule",
  status: "succeed",
  is_support_restore: "TRUE",
});
const idLength = randomUUID().length;

/** Pages of so many records, which differ in the ids alone. */
function pages(): (offset: number, limit: number) => Buffer {
  const ids = Buffer.from(Array.from({ length: records }, randomUUID).join(""));
  const head = `{"total_num":${records},"backup_record_response":[`;
  const firstId = head.length + record.indexOf("0000");
  return (offset, limit) => {
    const count = Math.min(limit, records - offset);
    const page = Buffer.from(`${head}${Array(count).fill(record).join(",")}]}`);
    for (let index = 0; index < count; index += 1) {
      const from = (offset + index) * idLength;
      ids.copy(page, firstId + index * (record.length + 1), from, from + idLength);
    }
    return page;
  };
}

function serve(): void {
  const page = pages();
  const templates = new Map<number, Buffer>();
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    const limit = Number(searchParams.get("limit"));
    const offset = searchParams.get("offset");
    const body = offset === null ? (templates.get(limit) ?? page(0, limit)) : page(Number(offset), limit);
    if (offset === null) templates.set(limit, body);
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(`http://127.0.0.1:${port}`);
  });
  process.once("disconnect", () => process.exit());
}

if (import.meta.main) serve();
