// The answers of the later service, and what the clients generated from a document make of them.
//
// A row's second program gets the same environment as its first (wire.ts), and CASES, the names of the cases below. It calls
// listBackupRecords once for each, with BASE_URL/<case> as the server, and prints one line for each:
//
//   <case>: gives <what the call returned, as the language prints it>
//   <case>: error <status> <what the client gives of the answer>    an error that names the server's answer
//   <case>: crash <message>                                         any other
//
// It prints what the generated code gives, and nothing that the program makes of it.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import tolerant from "../../generated/tolerant/openapi.json" with { type: "json" };
import { call } from "./wire.ts";

const { examples, schemas } = tolerant.components;
const { value: page } = examples.OneManualBackup;
const { value: refusal } = examples.InvalidOffset;
const { execution_at, backup_format, ...record } = page.backup_record_response[0] as Record<string, unknown>;

interface Answer {
  status: number;
  body?: object;
}

const withRecord = (changed: object): Answer => ({
  status: 200,
  body: { total_num: 1, backup_record_response: [{ ...record, ...changed }] },
});
const gatewayCode = "APIGW.0301";

/** `null` in each field of a page, of its records, and of an error. */
const nulls: [name: string, answer: Answer][] = [
  ...Object.keys(schemas.ListBackupRecordsResponse.properties).map((field): [string, Answer] => [
    field,
    { status: 200, body: { ...page, backup_record_response: [record], [field]: null } },
  ]),
  ...Object.keys(schemas.BackupRecordResponse.properties).map((field): [string, Answer] => [
    `record.${field}`,
    withRecord({ [field]: null }),
  ]),
  ...Object.keys(schemas.ErrorResponse.properties).map((field): [string, Answer] => [
    `error.${field}`,
    { status: 400, body: { ...refusal, [field]: null } },
  ]),
];

export const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["NoContent", { status: 204 }],
  ["NewFields", withRecord({ execution_at, backup_format })],
  ["NewStatus", withRecord({ status: "archived" })],
  ["LongErrorCode", { status: 400, body: { ...refusal, error_code: gatewayCode } }],
  [
    "GatewayError",
    {
      status: 401,
      body: {
        error_code: gatewayCode,
        error_msg: "Incorrect IAM authentication information",
        request_id: "2f6d1a0c0b5b4a0a9f1c7e3d5b8a6c4e",
      },
    },
  ],
  ...nulls.map(([field, answer]): [string, Answer] => [`null.${field}`, answer]),
]);

/** The columns of REVISIONS.md. */
export const columns = {
  NoContent: "204",
  NewFields: "New fields",
  NewStatus: "New status",
  LongErrorCode: "Long error code",
  GatewayError: "Gateway's error",
  nulls: "`null`",
} as const;
export type Column = keyof typeof columns;

/** What the caller gets, by column. A document that cannot be used has the same in each. */
export type Outcomes = Record<Column, string>;

export interface AnswersServer {
  /** The environment of a row's program. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

export async function startAnswers(): Promise<AnswersServer> {
  const server = createServer((request, response) => {
    const { status, body } = answers.get(request.url?.split("/")[1] ?? "") ?? { status: 404, body: {} };
    if (body === undefined) return response.writeHead(status).end();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    environment: { BASE_URL: `http://127.0.0.1:${port}`, CASES: [...answers.keys()].join(" "), ...call },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whether a caller can use what he gets. Of a 204 he gets nothing, but without a failure. */
export const isUsable = (column: Column, outcome: string) =>
  (column === "NoContent" ? /^(value|nothing)/ : /^(value|error \d+, with its code)/).test(outcome);

interface Got {
  kind: "gives" | "error" | "crash";
  text: string;
}

/** @throws if a case was not printed, or printed in another form */
export function readOutcomes(output: string): Outcomes {
  const printed = new Map<string, Got>();
  for (const line of output.split(/\r?\n/)) {
    const [, name, kind, text = ""] = /^([\w.]+): (gives|error|crash) ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) printed.set(name, { kind: kind as Got["kind"], text: withoutPlaces(text) });
  }
  const missing = [...answers.keys()].filter((name) => !printed.has(name));
  if (missing.length > 0) throw new Error(`Not printed: ${missing.join(", ")}`);
  const got = (name: string) => printed.get(name) as Got;
  return {
    NoContent: gets(got("NoContent"), (text) => (nothing.test(text) ? `nothing: ${text}` : `value: ${text}`)),
    NewFields: gets(got("NewFields"), (text) => ["dropped", "one of them", "value"][fieldsOf(text)] as string),
    NewStatus: gets(got("NewStatus"), (text) =>
      text.includes("archived") ? "value" : /unknown_default_open_api/i.test(text) ? "becomes unknown" : "dropped",
    ),
    LongErrorCode: gets(got("LongErrorCode")),
    GatewayError: gets(got("GatewayError")),
    nulls: allNulls(nulls.map(([field]) => [field, got(`null.${field}`)])),
  };
}

const nothing = /^(\S+ )?(undefined|null|None|nil|\(\)|""|kotlin\.Unit)?$/;

/** How many of the two new fields are in a text. */
const fieldsOf = (text: string) =>
  [/2019\D{1,2}0?5\D{1,2}11(?!\d)/, /\baof\b/i].filter((pattern) => pattern.test(text)).length;

/** Messages have what differs from run to run. */
const withoutPlaces = (text: string) => text.replace(/(127\.0\.0\.1|localhost):\d+/g, "…");

function gets({ kind, text }: Got, read: (text: string) => string = () => "value"): string {
  if (kind === "gives") return read(text);
  if (kind === "crash") return `crash: ${text}`;
  const [status = ""] = text.split(" ");
  if (status === "204") return `error: ${text}`;
  return `error ${status}, ${text.includes(gatewayCode) ? "with" : "without"} its code`;
}

/** A null is read if the call gives something, and no date was made of it. */
function allNulls(read: [field: string, got: Got][]): string {
  const bad = read.flatMap(([field, { kind, text }]) => {
    if (kind === "crash") return [`${field}: ${text}`];
    if (text.includes("1970")) return [`${field}: becomes 1970-01-01`];
    return field.startsWith("error.") === (kind === "error") ? [] : [`${field}: ${kind} ${text}`];
  });
  return bad[0] === undefined ? "value" : `fails in ${bad.length} of ${read.length}: ${bad[0]}`;
}
