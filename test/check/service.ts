// The service of the mock as a function from requests to replies, without Prism and HTTP. Every broken server of the gallery
// is this one with one fault. test/mock holds the mock's answers against an oracle that shares no code with it.

import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { repository } from "../../scripts/repository.ts";
import { makeResponder } from "../../src/mock/respond.ts";
import { baseContract, type Contract } from "../../src/wire/contract.ts";
import type { Credentials } from "../../src/wire/credentials.ts";
import type { Answer } from "../client/server.ts";

const bundle = JSON.parse(readFileSync(join(repository, "generated/openapi.json"), "utf8"));
const { parameters, examples } = bundle.components;

export const projectId: string = parameters.ProjectId.example;
export const instanceId: string = parameters.InstanceId.example;
export const token = "MIIQ+test/token-of-the-check==";

export type BackupRecord = Record<string, unknown>;

/** One backup of every status, as in the contract's example. */
export const everyStatus: BackupRecord[] = examples.EveryStatus.value.backup_record_response;

export interface Dataset {
  records: BackupRecord[];
  /** What `total_num` counts: the records of the page, or all that match. */
  total?: "page" | "all";
  credentials?: Credentials;
  contract?: Contract;
}

export interface Request {
  /** Path and query. */
  target: string;
  headers: IncomingHttpHeaders;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
}

export type Service = (request: Request) => Reply;

/** Records stay in the order of the dataset. */
export function service({
  records,
  total = "all",
  credentials = { token },
  contract = baseContract,
}: Dataset): Service {
  const dataset = { records, total, instances: [instanceId] };
  const { respond } = makeResponder({ contract, dataset, credentials });
  return ({ target, headers }) => {
    const { pathname: path, searchParams: query } = new URL(target, "http://service");
    const request = { number: 1, at: new Date(), method: "GET", path, query, target, headers, bodyBytes: 0 };
    const reply = respond({ ...request, bodyHash: hashOfNothing }, false);
    return { status: reply?.status ?? 500, headers: { ...reply?.headers }, body: reply?.body };
  };
}

const hashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The service as an HTTP handler. */
export const serve =
  (service: Service): Answer =>
  (request, response) => {
    const { status, headers, body } = service({ target: request.url ?? "", headers: request.headers });
    send(response, { status, headers, body });
  };

export function send(response: Parameters<Answer>[1], { status, headers, body }: Reply): void {
  response.writeHead(status, headers);
  response.end(body === undefined || typeof body === "string" || body instanceof Buffer ? body : JSON.stringify(body));
}
