// Holds pages that follow each other in a recording against each other. What the recording does not prove stays unsaid: a list may
// change, and its order is documented nowhere.

import type { Contract } from "../../wire/contract.ts";
import type { Redact } from "../../wire/redact.ts";
import type { Fault, RuleHead, Verdict } from "../../wire/rule.ts";
import { isFields } from "../../wire/validate.ts";
import type { Asked } from "../engine/tally.ts";
import { asPage, type Exchange, type Page, type Run } from "../model/exchange.ts";
import type { Rule } from "../model/rule.ts";
import { offsetOf } from "../provider/order.ts";
import { pageLost } from "../provider/rules/page-lost.ts";
import { pageOrder } from "../provider/rules/page-order.ts";
import { pageRepeats } from "../provider/rules/page-repeats.ts";
import { pageSkips } from "../provider/rules/page-skips.ts";
import { total } from "../provider/rules/total.ts";

/** A page, or a 204, as it was asked for in a recording. */
export interface Turn {
  exchange: Exchange;
  page: Page | undefined;
  /** What is the same of all pages of a list: the recording, the address, the time window and the credentials. */
  list: string;
  startedAt: Date | undefined;
  asked: Asked;
  redact: Redact;
}

/** Takes what a rule says of a page. */
export type Tell = (rule: RuleHead, verdict: Verdict, turn: Pick<Turn, "asked" | "redact">) => void;

/** Pages that were asked for one after the other. */
interface Chain {
  at: number;
  /** The list without limit and offset. */
  whole?: Turn | undefined;
  last?: Turn | undefined;
  /** Pages that the whole list, asked for again, may show to be wrong. */
  doubts: { before: Turn | undefined; turn: Turn; told: ReadonlySet<RuleHead> }[];
}

/** What is remembered at once. */
const most = { chains: 16, records: 1000, bytes: 500_000, doubts: 4 };

/** Longer ago, the list may be another one. */
const longestMs = 60_000;

const pagingRules: readonly Rule[] = [pageRepeats, pageLost, pageSkips, pageOrder, total];

export function makePaging(contract: Contract, tell: Tell): (turn: Turn) => void {
  const chains = new Map<string, Chain>();
  const chainOf = ({ list, startedAt }: Turn): Chain => {
    const at = startedAt?.getTime() ?? Number.NaN; // which comes after nothing
    const known = chains.get(list);
    chains.delete(list);
    const isFollowing = known && at >= known.at && at - known.at <= longestMs;
    const chain: Chain = isFollowing ? known : { at, doubts: [] };
    chain.at = at;
    chains.set(list, chain);
    const [oldest] = chains.keys();
    if (chains.size > most.chains && oldest !== undefined) chains.delete(oldest);
    return chain;
  };
  return (given) => {
    const turn = slim(given, contract);
    if (!turn) return;
    const chain = chainOf(turn);
    const { query } = turn.exchange;
    const isWhole = query.limit === undefined && query.offset === undefined;
    if (isWhole) {
      if (chain.whole) settle(chain, turn, contract, tell);
      chain.whole = turn;
      chain.last = undefined;
      chain.doubts = [];
      return;
    }
    const told = tellCertain(chain, turn, contract, tell);
    chain.doubts.push({ before: chain.last, turn, told });
    if (chain.doubts.length > most.doubts) chain.doubts.shift();
    chain.last = turn;
  };
}

/** With no more of the page than is compared. */
function slim({ exchange, page, ...rest }: Turn, { page: form }: Contract): Turn | undefined {
  const { answer } = exchange;
  if (!answer) return undefined;
  const { status, documented, headers, bytes } = answer;
  const list = page?.list?.map((record) => (isFields(record) ? { backup_id: idOf(record.backup_id) } : null));
  if (!page && status === form.status) return undefined; // the rules on the body report it
  if ((page && !list) || (list && list.length > most.records) || bytes > most.bytes) return undefined;
  const json = page && { total_num: page.body.total_num, [form.list]: list };
  const kept = { ...exchange, answer: { status, documented, headers, bytes, json } };
  return { ...rest, exchange: kept, page: asPage(kept, form) };
}

const idOf = (id: unknown) => (typeof id === "string" && id.length <= 100 ? id : undefined);

/** What is certain at once: nothing that a list which changes by a backup would explain. */
function tellCertain({ whole, last }: Chain, turn: Turn, contract: Contract, tell: Tell): Set<RuleHead> {
  const told = new Set<RuleHead>();
  const say = (rule: RuleHead, fault: Fault) => {
    tell(rule, [fault], turn);
    told.add(rule);
  };
  const offset = offsetOf(turn.page ?? { ...turn.exchange, body: {}, list: [], records: [] });
  const ids = idsOf(turn);
  const previous = last && idsOf(last);
  const isNext = last?.page && previous && offset >= offsetOf(last.page) + previous.length;
  const isSame = ids.length > 1 && ids.length === previous?.length;
  if (isNext && isSame && previous.every((id, at) => id !== undefined && id === ids[at])) {
    const message = `The page at offset=${offset} is the same as the one at offset=${offsetOf(last.page)}: offset is ignored`;
    const pointer = `/${contract.page.list}`;
    say(pageRepeats, { message, pointer, expected: "other records, or none", actual: previous[0] });
  } else if (isNext) tell(pageRepeats, [], turn);
  if (turn.page?.list?.length) return told;
  const counts = {
    "total_num of the page before": totalOf(last),
    "total_num of the page itself": totalOf(turn),
    "the list without limit and offset": whole ? idsOf(whole).length : 0,
  };
  const [source, count = 0] = Object.entries(counts).find(([, count]) => count >= offset + 2) ?? [];
  if (source === undefined) return told;
  const message = `The page at offset=${offset} is empty, although there are ${count} records by ${source}`;
  const found = turn.page
    ? { pointer: `/${contract.page.list}`, actual: [] }
    : { actual: turn.exchange.answer?.status };
  say(pageLost, { message, expected: "at least 1 record", ...found });
  return told;
}

/** A total of all pages: one that is greater than the page. */
function totalOf(turn: Turn | undefined): number {
  const count = turn?.page?.body.total_num;
  const isTotal = typeof count === "number" && count > (turn?.page?.list?.length ?? 0) && count < 2 ** 31;
  return isTotal ? count : 0;
}

const idsOf = ({ page }: Turn) => (page?.records ?? []).map(({ record }) => record.backup_id as string | undefined);

/** The whole list came again: the rules see the pages in between as those of a check that has the same doubt. */
function settle({ whole, doubts }: Chain, again: Turn, contract: Contract, tell: Tell): void {
  const as = <T extends Exchange>(id: string, one: T): T => ({ ...one, probe: { ...one.probe, id } });
  for (const { before, turn, told } of doubts) {
    const offset = Number(turn.exchange.query.offset ?? 0);
    const own = offset > 0 ? "second-page" : "first-page";
    const isNext = before?.page && Number(before.exchange.query.offset ?? 0) < offset;
    const pages = new Map<string, Page>();
    for (const [id, one] of [
      ["list", whole],
      ["first-page", isNext ? before : undefined],
      [own, turn],
      ["list-again", again],
    ] as const)
      if (one?.page) pages.set(id, as(id, one.page));
    const run: Run = { contract, instanceId: "", secrets: [], exchanges: [], pages };
    const exchange = as(own, turn.exchange);
    const page = pages.get(own);
    for (const rule of pagingRules) {
      if (told.has(rule)) continue;
      if ("exchange" in rule) tell(rule, rule.exchange(exchange, run), turn);
      else if ("page" in rule && page) tell(rule, rule.page(page, run), turn);
    }
  }
}
