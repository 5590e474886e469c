// A recorded response as the rules of the check of a provider see it.

import type { Contract } from "../../wire/contract.ts";
import { type Fault, fine, type Verdict } from "../../wire/rule.ts";
import { type Answer, type Exchange, jsonFaultOf, type Page, type Run } from "../model/exchange.ts";
import { byteLengthOf } from "./body.ts";
import { echoesIn } from "./clean.ts";
import { type Header, isMissing, type Recorded, type RecordedResponse } from "./recorded.ts";
import type { ResponseRule } from "./rules.ts";

/** A request like another one that was served. */
export const twinOf = ({ page: { status }, responses }: Contract): Exchange => {
  const probe = { id: "twin", title: "", expects: "page", query: () => ({}) } as const;
  const answer = { status, documented: responses.get(status), headers: headersOf([]), bytes: 0 };
  return { probe, url: "", query: {}, headers: {}, answer };
};

/** The answer as the check of a provider sees it. */
export function answerOf({ status, headers, body }: RecordedResponse, { responses }: Contract): Answer {
  const base = { status, documented: responses.get(status), headers: headersOf(headers) };
  if (isMissing(body)) return { ...base, bytes: body.bytes ?? 0 };
  const bytes = byteLengthOf(body) ?? 0;
  if (!("text" in body)) return { ...base, bytes };
  const { text } = body;
  try {
    return { ...base, bytes, text, json: JSON.parse(text) };
  } catch (error) {
    return { ...base, bytes, text, jsonFault: jsonFaultOf(error as Error) };
  }
}

const headersOf = (headers: readonly Header[]): Answer["headers"] => ({
  get(name) {
    const values = headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
    return values.length > 0 ? values.join(", ") : null;
  },
  [Symbol.iterator]: () => headers[Symbol.iterator](),
});

/** Nothing of a body that is not there is well. What was cleaned says what it found. */
export function echoVerdict({ response, cleaned }: Recorded, credentials: readonly string[]): Verdict {
  if (isMissing(response) || (credentials.length === 0 && !cleaned?.secrets)) return undefined;
  const echoes = [...(cleaned?.echoes ?? []), ...echoesIn(response, credentials)];
  if (echoes.length === 0) return isMissing(response.body) ? undefined : fine;
  return echoes.map((where) => ({
    message: `The ${where === "body" ? "body" : `header ${where.toLowerCase()}`} repeats a secret of the request`,
  }));
}

export function ofRecords(rule: Extract<ResponseRule, { record: unknown }>, { records }: Page, run: Run): Verdict {
  let faults: Fault[] | undefined;
  for (const { record, pointer } of records) {
    const verdict = rule.record(record, run);
    if (!verdict) continue;
    faults ??= [];
    for (const fault of verdict) faults.push({ ...fault, pointer: `${pointer}${fault.pointer ?? ""}` });
  }
  return faults;
}
