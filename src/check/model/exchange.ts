// One request and what came of it: an answer or a failure.

import type { Response as Documented } from "../../../generated/contract.ts";
import { type Body, decode } from "../../wire/body.ts";
import type { Contract, PageForm } from "../../wire/contract.ts";
import { type Fields, isFields } from "../../wire/validate.ts";

/** Everything that was asked in one run. */
export interface Run {
  contract: Contract;
  instanceId: string;
  /** What no answer may repeat, signatures included. */
  secrets: readonly string[];
  /** In the order in which they were asked. */
  exchanges: readonly Exchange[];
  /** The pages that came, by the ids of their probes. */
  pages: ReadonlyMap<string, Page>;
}

/** What a server is asked. */
export interface Probe {
  /** Never that of a rule: `only` and `skip` take both. */
  id: string;
  /** What it asks for, after "asks for". */
  title: string;
  query: (context: Context) => Record<string, string>;
  /** What the contract says becomes of it: a page of records, or a refusal. */
  expects: "page" | "refusal";
  /** Of a request that is to be refused: the probe that differs from it in one thing, and is to be accepted. */
  twin?: string;
  /** The id of the fact that it breaks, in spec/reference.yaml. */
  breaks?: string | undefined;
  /** Whether it is sent without the credentials. */
  anonymous?: true;
  /** Whether it is sent, by the pages so far. Default: always */
  when?: (pages: Run["pages"]) => boolean;
}

export interface Context {
  /** The time window to ask for, each end as `yyyyMMddHHmmss`; either may be left out. */
  begin?: string | undefined;
  end?: string | undefined;
  /** What has been asked so far. */
  exchanges: readonly Exchange[];
  page: PageForm;
}

export interface Exchange {
  probe: Probe;
  url: string;
  /** The query that was asked. */
  query: Record<string, string>;
  /** The headers that were sent, their names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** What it was signed with, if it was. */
  signature?: string;
  answer?: Answer;
  failure?: Failure;
}

/** An answer with the status of a page whose body is a JSON object. */
export interface Page extends Exchange {
  body: Fields;
  /** The array of records, if it is one. */
  list: readonly unknown[] | undefined;
  /** Its elements that are objects, each with its position and the JSON pointer to it. */
  records: readonly { record: Fields; index: number; pointer: string }[];
}

export interface Answer {
  status: number;
  /** What the contract says of this status, if it has it. */
  documented?: Documented | undefined;
  headers: Headers;
  /** Length of the body in bytes, decompressed. */
  bytes: number;
  /** The body; `undefined` if it is not UTF-8. */
  text?: string;
  /** The body as JSON; `undefined` if it is none. */
  json?: unknown;
  /** Why it is none. */
  jsonFault?: string;
}

export interface Failure {
  /** At which point it failed. */
  kind: "unreachable" | "timeout" | "deadline" | "closed" | "malformed" | "too-large";
  message: string;
}

/** Notes beside an answer what the contract says of its status. */
export const documentedBy = <T extends Pick<Exchange, "answer">>(contract: Contract, { answer, ...rest }: T) => ({
  ...rest,
  ...(answer && { answer: { ...answer, documented: contract.responses.get(answer.status) } }),
});

export function asPage(exchange: Exchange, form: PageForm): Page | undefined {
  const { answer } = exchange;
  if (answer?.status !== form.status || !isFields(answer.json)) return undefined;
  const found = answer.json[form.list];
  const list = Array.isArray(found) ? found : undefined;
  const records: { record: Fields; index: number; pointer: string }[] = [];
  for (const [index, record] of list?.entries() ?? []) {
    if (isFields(record)) records.push({ record, index, pointer: `/${form.list}/${index}` });
  }
  return { ...exchange, body: answer.json, list, records };
}

/** A body as the contract says it is written: JSON in UTF-8. */
export function parseBody({ chunks, bytes }: Pick<Body, "chunks" | "bytes">): Omit<Answer, "status" | "headers"> {
  let text: string;
  try {
    text = decode(chunks, new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }));
  } catch {
    return { bytes };
  }
  try {
    return { bytes, text, json: JSON.parse(text) };
  } catch (error) {
    // Without what it quotes of the body, which may be half a secret.
    const jsonFault = (error as Error).message.replace(/,? ?(\.{3})?".*"(\.{3})? is not valid JSON$/s, "");
    return { bytes, text, jsonFault };
  }
}
