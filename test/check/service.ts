// A server that conforms: in memory, with filters, pages, authentication and errors. Every broken server of the gallery is
// this one with one fault, so it is a function from requests to replies.

import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { repository } from "../../scripts/repository.ts";
import type { Credentials } from "../../src/wire/credentials.ts";
import type { Answer } from "../client/server.ts";
import { signatureOf } from "../wire/recomputed-signature.ts";

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

/** Records stay in the order of the dataset. Without a limit a page has ten, as in later revisions of the page. */
export function service({ records, total = "all", credentials = { token } }: Dataset): Service {
  return ({ target, headers }) => {
    const url = new URL(target, `http://${headers.host}`);
    if (!isAuthentic(url, headers, credentials)) return gatewayError("APIGW.0301", "Incorrect IAM authentication");
    if (url.pathname !== `/v2/${projectId}/instances/${instanceId}/backups`)
      return json(404, { error_code: "DCS.3022", error_msg: "This DCS instance does not exist." });
    const query = Object.fromEntries(url.searchParams);
    for (const { name, schema } of [parameters.BeginTime, parameters.EndTime]) {
      if (query[name] !== undefined && !new RegExp(schema.pattern).test(query[name])) return invalid(name);
    }
    const { limit = "10", offset = "0", begin_time: begin, end_time: end } = query;
    if (!isInteger(limit, 1, 1000)) return invalid("limit");
    if (!isInteger(offset, parameters.Offset.schema.minimum, 2 ** 31 - 1)) return invalid("offset");
    if (begin && end && begin > end) return invalid("begin_time");

    const isWindow = "begin_time" in query || "end_time" in query;
    const matching = records.filter(({ created_at }) => !isWindow || isWithin(created_at, begin, end));
    const page = matching.slice(Number(offset), Number(offset) + Number(limit));
    return json(200, {
      total_num: total === "all" ? matching.length : page.length,
      backup_record_response: page,
    });
  };
}

const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body,
});

const invalid = (name: string) =>
  json(400, { error_code: "DCS.4800", error_msg: `Invalid ${name} in the request.`, error_ext_msg: null });

/** With a longer code than the contract allows for errors, and an unknown field. */
const gatewayError = (error_code: string, error_msg: string) =>
  json(401, { error_code, error_msg, request_id: "0f5a1c2e3b4d" });

const isInteger = (text: string, least: number, most: number) =>
  /^-?\d+$/.test(text) && Number(text) >= least && Number(text) <= most;

/** Both ends belong to the window, as whole seconds. */
function isWithin(created: unknown, begin?: string, end?: string): boolean {
  const seconds = Math.floor(Date.parse(String(created)) / 1000);
  return seconds >= secondsOf(begin, Number.NEGATIVE_INFINITY) && seconds <= secondsOf(end, Number.POSITIVE_INFINITY);
}

const secondsOf = (text: string | undefined, none: number): number =>
  text === undefined ? none : Date.parse(text.replace(/(....)(..)(..)(..)(..)(..)/, "$1-$2-$3T$4:$5:$6Z")) / 1000;

function isAuthentic(url: URL, headers: IncomingHttpHeaders, credentials: Credentials): boolean {
  if ("token" in credentials) return headers["x-auth-token"] === credentials.token;
  const { accessKey, secretKey, securityToken } = credentials;
  const date = String(headers["x-sdk-date"]);
  const sentAt = Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(Date.now() - sentAt) < 15 * 60_000)) return false;
  const form = /^SDK-HMAC-SHA256 Access=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/;
  const [, access, names = "", signature] = form.exec(headers.authorization ?? "") ?? [];
  const isSigned = signature === signatureOf(url, names.split(";"), headers, secretKey);
  return isSigned && access === accessKey && headers["x-security-token"] === securityToken;
}

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
