// The requests that the check sends: a handful of cheap GET requests.

import type { Parameter } from "../../../generated/contract.ts";
import type { Contract, PageForm } from "../../wire/contract.ts";
import { writeTime } from "../../wire/time.ts";
import { isFields } from "../../wire/validate.ts";
import type { Context, Exchange, Probe } from "../model/exchange.ts";
import { isInDoubt } from "./order.ts";

const list: Probe = { id: "list", title: "the unfiltered list", expects: "page", query: () => ({}) };

/** Sent only if the contract has their parameters. */
const pages: readonly Probe[] = [
  { id: "first-page", title: "one record", expects: "page", query: () => ({ limit: "1" }) },
  // Two records: a server that reads offset as a page number is caught only if a page has more than one.
  {
    id: "second-page",
    title: "the two records after that",
    expects: "page",
    query: () => ({ limit: "2", offset: "1" }),
  },
  {
    id: "page-past-the-end",
    title: "a page past the end",
    expects: "page",
    query: () => ({ limit: "1", offset: "1000000" }),
  },
  { id: "window", title: "a time window", expects: "page", query: timeWindow },
  {
    id: "empty-window",
    title: "a time window before the service existed",
    expects: "page",
    query: () => ({ begin_time: "19700101000000", end_time: "19700101000001" }),
  },
];

const withoutCredentials: Probe = {
  id: "no-credentials",
  title: "one record without credentials",
  expects: "refusal",
  twin: "first-page",
  breaks: "security",
  anonymous: true,
  query: () => ({ limit: "1" }),
};

const listAgain: Probe = {
  id: "list-again",
  title: "the unfiltered list again, if the pages do not fit it",
  expects: "page",
  query: () => ({}),
  when: isInDoubt,
};

/** In the order in which they are sent: an invalid request comes after its valid twin. */
export function probesOf(contract: Contract): readonly Probe[] {
  const known = pages.filter(({ query }) => {
    return Object.keys(query({ exchanges: [], page: contract.page })).every((name) => contract.parameters.has(name));
  });
  const asked = [...contract.parameters.values()].filter((parameter) => parameter.in === "query");
  const bounds = asked.flatMap((parameter) => boundsOf(parameter, contract));
  const forms = [...numberForms(contract), ...timeForms(contract)];
  return [list, ...known, ...bounds, ...forms, withoutCredentials, listAgain];
}

/** A value at each bound that a parameter has, and one beyond it. */
function boundsOf({ name, schema, pointer }: Parameter, contract: Contract): Probe[] {
  const breaks = contract.factAt(pointer);
  const own =
    (value: number): Probe["query"] =>
    () => ({ ...(name === "offset" && { limit: "2" }), [name]: String(value) });
  const probes: Probe[] = [];
  const { minimum, maximum } = schema;
  if (minimum !== undefined) {
    const twin =
      { offset: "second-page", limit: minimum === 1 ? "first-page" : undefined }[name] ?? `${name}-at-minimum`;
    if (twin === `${name}-at-minimum`)
      probes.push({
        id: twin,
        title: `${article(name)} ${name} of ${minimum}, the minimum`,
        expects: "page",
        query: own(minimum),
      });
    const id = minimum === 0 ? `${name}-negative` : `${name}-below-minimum`;
    const title = `${article(name)} ${name} of ${minimum - 1}`;
    probes.push({ id, title, expects: "refusal", twin, breaks, query: own(minimum - 1) });
  }
  if (maximum !== undefined) {
    const twin = `${name}-at-maximum`;
    probes.push({
      id: twin,
      title: `${article(name)} ${name} of ${maximum}, the maximum`,
      expects: "page",
      query: own(maximum),
    });
    const title = `${article(name)} ${name} of ${maximum + 1}`;
    probes.push({ id: `${name}-above-maximum`, title, expects: "refusal", twin, breaks, query: own(maximum + 1) });
  }
  return probes;
}

/** A value that is not a number. */
function numberForms({ parameters, factAt }: Contract): Probe[] {
  const limit = parameters.get("limit");
  if (!limit) return [];
  const id = "limit-not-a-number";
  const [expects, twin, breaks] = ["refusal", "first-page", factAt(limit.pointer)] as const;
  return [{ id, title: "a limit of ten", expects, twin, breaks, query: () => ({ limit: "ten" }) }];
}

/** Values that are not times. */
function timeForms({ parameters, factAt }: Contract): Probe[] {
  const begin = parameters.get("begin_time");
  if (!begin) return [];
  const wrong = (id: string, title: string, change: (begin: string) => string): Probe => ({
    id,
    title,
    expects: "refusal",
    twin: "window",
    breaks: factAt(begin.pointer),
    query: (context) => changeBegin(context, change),
  });
  return [
    wrong("time-too-short", "a begin_time of 13 digits", (begin) => begin.slice(0, -1)),
    wrong("month-13", "a begin_time in month 13", (begin) => `${yearBefore(begin)}13${begin.slice(6)}`),
  ];
}

const article = (name: string) => (/^[aeiou]/.test(name) ? "an" : "a");

/** The window of the options; without one, the second in which the first listed backup began, or a second in 2017. */
function timeWindow({ begin, end, exchanges, page }: Context): { begin_time: string; end_time?: string } {
  if (begin !== undefined || end !== undefined) {
    return { begin_time: begin ?? "20000101000000", ...(end !== undefined && { end_time: end }) };
  }
  const created = firstTime(exchanges, page) ?? new Date("2017-07-18T23:59:59Z");
  return { begin_time: writeTime(created), end_time: writeTime(new Date(created.getTime() + 1000)) };
}

function firstTime(exchanges: readonly Exchange[], { list }: PageForm): Date | undefined {
  const body = exchanges[0]?.answer?.json;
  const found = isFields(body) ? body[list] : undefined;
  const records = Array.isArray(found) ? found : [];
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

/** Keeps the begin before the end: otherwise the server would have another reason to reject. */
const yearBefore = (time: string) => String(Math.max(0, Number(time.slice(0, 4)) - 1)).padStart(4, "0");
