// What a server is asked: a handful of GET requests, each as cheap as it can be.

import { writeTime } from "../../wire/time.ts";
import { type Context, type Exchange, isFields, type Probe } from "../model/exchange.ts";

export const probes: readonly Probe[] = [
  { id: "list", title: "the list as it is", expects: "page", query: () => ({}) },
  { id: "first-page", title: "one record", expects: "page", query: () => ({ limit: "1" }) },
  // Two records: a server that takes offset for the number of a page shows it only if a page has more than one.
  { id: "second-page", title: "the two after that", expects: "page", query: () => ({ limit: "2", offset: "1" }) },
  {
    id: "page-past-the-end",
    title: "what is past the end",
    expects: "page",
    query: () => ({ limit: "1", offset: "1000000" }),
  },
  { id: "window", title: "a time window", expects: "page", query: timeWindow },
  {
    id: "empty-window",
    title: "a time window before there was the service",
    expects: "page",
    query: () => ({ begin_time: "19700101000000", end_time: "19700101000001" }),
  },
  {
    id: "offset-negative",
    title: "an offset of -1",
    expects: "refusal",
    twin: "second-page",
    query: () => ({ limit: "2", offset: "-1" }),
  },
  {
    id: "limit-not-a-number",
    title: "a limit of ten",
    expects: "refusal",
    twin: "first-page",
    query: () => ({ limit: "ten" }),
  },
  {
    id: "time-too-short",
    title: "a begin_time of 13 digits",
    expects: "refusal",
    twin: "window",
    query: (context) => changeBegin(context, (begin) => begin.slice(0, -1)),
  },
  {
    id: "month-13",
    title: "a begin_time in month 13",
    expects: "refusal",
    twin: "window",
    query: (context) => changeBegin(context, (begin) => `${yearBefore(begin)}13${begin.slice(6)}`),
  },
  {
    id: "no-credentials",
    title: "one record without credentials",
    expects: "refusal",
    twin: "first-page",
    anonymous: true,
    query: () => ({ limit: "1" }),
  },
];

/** The window that was asked for; if none was, the second in which the first listed backup began, or one in 2017. */
function timeWindow({ begin, end, exchanges }: Context): { begin_time: string; end_time?: string } {
  if (begin !== undefined || end !== undefined) {
    return { begin_time: begin ?? "20000101000000", ...(end !== undefined && { end_time: end }) };
  }
  const created = firstTime(exchanges) ?? new Date("2017-07-18T23:59:59Z");
  return { begin_time: writeTime(created), end_time: writeTime(new Date(created.getTime() + 1000)) };
}

function firstTime(exchanges: readonly Exchange[]): Date | undefined {
  const body = exchanges[0]?.answer?.json;
  const records = isFields(body) && Array.isArray(body.backup_record_response) ? body.backup_record_response : [];
  for (const record of records.slice(0, 100)) {
    const time = new Date(isFields(record) && typeof record.created_at === "string" ? record.created_at : "");
    if (time.getUTCFullYear() >= 1971 && time.getUTCFullYear() < 9999) return time;
  }
  return undefined;
}

function changeBegin(context: Context, change: (begin: string) => string): Record<string, string> {
  const { begin_time, ...end } = timeWindow(context);
  return { begin_time: change(begin_time), ...end };
}

/** So that the begin stays before the end, which is another reason to refuse. */
const yearBefore = (time: string) => String(Math.max(0, Number(time.slice(0, 4)) - 1)).padStart(4, "0");
