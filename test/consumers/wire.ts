// The server for a consumer's program, and the output that the program must print.
//
// The program gets BASE_URL, TOKEN, PROJECT_ID and INSTANCE_ID from its environment. It calls listBackupRecords once
// for each of `cases`, with BASE_URL/<case> as the server, and prints how its generated code reads the responses:
//
//   <case>.<field>: <value>           total_num of a page; status, error_code and error_msg of an error
//   <case>.<index>.<field>: <value>   each field of each record, null if it is null or absent
//   UnknownStatus: <status as read>   a status that the contract does not know, or "fails: <why>"
//   UnknownField: kept | dropped      a field that the contract does not know, or "fails: <why>"
//   type.<field>: <type>              type of size, created_at and status in the generated code
//   type.succeed: <expression>        its expression for this value of BackupStatus; printed if the example's status equals it
//
// A recorder is between the program and the mock: it asks the mock for the case's response, and records the requests.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import bundle from "../../generated/openapi.json" with { type: "json" };
import { startMock } from "../../src/mock/index.ts";

const { examples, parameters, schemas } = bundle.components;

const unknown = { status: "archived" };

/** The cases, each with the requested mock response and how it is changed. */
const cases: Record<string, { prefer?: string; change?: (record: object) => object }> = {
  OneManualBackup: { prefer: "example=OneManualBackup" },
  EveryStatus: { prefer: "example=EveryStatus" },
  Filtered: { prefer: "example=NoBackups" },
  InvalidOffset: { prefer: "code=400, example=InvalidOffset" },
  BackupQueryFailed: { prefer: "code=500, example=BackupQueryFailed" },
  UnknownStatus: { change: (record) => ({ ...record, ...unknown }) },
  UnknownField: { change: (record) => ({ ...record, storage_class: "cold" }) },
};

/** The query of the case Filtered. The others send none. */
const filter = { limit: "2", offset: "4", begin_time: "20190501000000", end_time: "20190531235959" };

export const call = {
  TOKEN: "MIIabc+/==",
  PROJECT_ID: parameters.ProjectId.example,
  INSTANCE_ID: parameters.InstanceId.example,
};
const path = Object.keys(bundle.paths)[0]
  ?.replace("{project_id}", call.PROJECT_ID)
  .replace("{instance_id}", call.INSTANCE_ID);

export interface Wire {
  /** The environment of a row's program. */
  environment(row: string): Record<string, string>;
  /** The faults in the requests of a row's program since the last call. */
  faults(row: string): string[];
  close(): Promise<void>;
}

/** The differences between generators that are not faults. */
export interface Findings {
  unknownStatus: string;
  unknownField: string;
  types: { size: string; created_at: string; status: string; succeed: string };
}

export async function startWire(): Promise<Wire> {
  const mock = await startMock();
  const seen = new Map<string, { name: string; faults: string[] }[]>();
  const server = createServer((request, response) => {
    record(request, response).catch((error) => response.writeHead(502).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  async function record(request: IncomingMessage, response: ServerResponse) {
    const [, row = "", name = "", target = ""] = /^\/([^/]+)\/([^/?]+)(.*)$/.exec(request.url ?? "") ?? [];
    const { prefer, change } = cases[name] ?? {};
    // Headers of the connection between the program and the recorder, such as an offer of HTTP/2.
    const ownHeaders = ["host", "connection", "upgrade", "http2-settings", "accept-encoding"];
    const headers = Object.entries(request.headers).filter(([name]) => !ownHeaders.includes(name));
    const answer = await fetch(mock.url + target, {
      method: request.method ?? "",
      headers: { ...(Object.fromEntries(headers) as Record<string, string>), ...(prefer && { prefer }) },
    });
    const faults = [...requestFaults(request, name, target)];
    // Of an invalid request the mock's own answer tells what is wrong.
    if (answer.status === 400 && !prefer?.includes("code=400"))
      faults.push(`the mock objects: ${await answer.clone().text()}`);
    seen.set(row, [...(seen.get(row) ?? []), { name, faults }]);

    let body = await answer.text();
    if (change && answer.ok) {
      const page = JSON.parse(body);
      body = JSON.stringify({ ...page, backup_record_response: page.backup_record_response.map(change) });
    }
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(body);
  }

  return {
    environment: (row) => ({ BASE_URL: `http://127.0.0.1:${port}/${row}`, ...call }),
    faults(row) {
      const requests = seen.get(row) ?? [];
      seen.delete(row);
      const faults = requests.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`));
      const sent = requests.map(({ name }) => name).sort();
      const all = Object.keys(cases).sort();
      return sent.join() === all.join()
        ? faults
        : [...faults, `called ${sent.join(", ")}; the cases are ${all.join(", ")}`];
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await mock.close();
    },
  };
}

function* requestFaults({ method, headers }: IncomingMessage, name: string, target: string): Generator<string> {
  const url = new URL(target, "http://mock");
  if (!(name in cases)) yield "there is no such case";
  if (method !== "GET") yield `method ${method} instead of GET`;
  if (url.pathname !== path) yield `path ${url.pathname} instead of ${path}`;
  if (headers["x-auth-token"] !== call.TOKEN) yield `X-Auth-Token ${headers["x-auth-token"]} instead of ${call.TOKEN}`;
  if (headers.authorization !== undefined) yield `Authorization "${headers.authorization}" besides the token`;
  const query = JSON.stringify([...url.searchParams].sort());
  const wanted = JSON.stringify(name === "Filtered" ? Object.entries(filter).sort() : []);
  if (query !== wanted) yield `query ${query} instead of ${wanted}`;
}

/** The output that a program must print: the contract's examples, line by line. */
function expected(): Map<string, string> {
  const lines = new Map<string, string>();
  const pages = { OneManualBackup: examples.OneManualBackup, EveryStatus: examples.EveryStatus };
  for (const [name, { value }] of Object.entries(pages)) {
    lines.set(`${name}.total_num`, String(value.total_num));
    for (const [index, record] of value.backup_record_response.entries()) {
      for (const field of Object.keys(schemas.BackupRecordResponse.properties)) {
        lines.set(`${name}.${index}.${field}`, String(record[field as keyof typeof record] ?? null));
      }
    }
  }
  lines.set("Filtered.total_num", String(examples.NoBackups.value.total_num));
  const errors = { InvalidOffset: examples.InvalidOffset, BackupQueryFailed: examples.BackupQueryFailed };
  for (const [name, { value }] of Object.entries(errors)) {
    lines.set(`${name}.status`, name === "InvalidOffset" ? "400" : "500");
    lines.set(`${name}.error_code`, value.error_code);
    lines.set(`${name}.error_msg`, value.error_msg);
  }
  return lines;
}

/** A program's output and its faults. */
export function read(output: string): { findings: Findings; faults: string[] } {
  const printed = new Map(
    output
      .split("\n")
      .map((line) => /^([\w.]+): ?(.*?)\r?$/.exec(line))
      .filter((match) => match !== null)
      .map(([, key = "", value = ""]) => [key, value]),
  );
  const faults: string[] = [];
  const take = (key: string) => {
    const value = printed.get(key);
    if (value === undefined) faults.push(`${key} was not printed`);
    printed.delete(key);
    return value ?? "";
  };
  for (const [key, value] of expected()) {
    const got = take(key);
    if (got !== value) faults.push(`${key} is "${got}" instead of "${value}"`);
  }
  const status = take("UnknownStatus");
  const findings = {
    unknownStatus: status === unknown.status ? "passes through" : status.replace(/^(?!fails: )/, "becomes "),
    unknownField: take("UnknownField"),
    types: {
      size: take("type.size"),
      created_at: take("type.created_at"),
      status: take("type.status"),
      succeed: take("type.succeed"),
    },
  };
  for (const key of printed.keys()) faults.push(`${key} was printed, and nothing asked for it`);
  return { findings, faults };
}
