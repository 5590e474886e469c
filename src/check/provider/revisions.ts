// Which revisions of the contract the responses fit, told from the same requests.

import { type Contract, contractOf, revisionDates } from "../../wire/contract.ts";
import type { Redact } from "../../wire/redact.ts";
import { applyRules } from "../engine/apply.ts";
import { asPage, documentedBy, type Run } from "../model/exchange.ts";
import type { Finding, RevisionFit } from "../model/report.ts";
import type { Rule } from "../model/rule.ts";

/** The run as another contract sees it. */
function seenBy(contract: Contract, run: Run): Run {
  const exchanges = run.exchanges.map((exchange) => documentedBy(contract, exchange));
  const pages = exchanges.flatMap((exchange) => asPage(exchange, contract.page) ?? []);
  return { ...run, contract, exchanges, pages: new Map(pages.map((page) => [page.probe.id, page])) };
}

/** @returns the findings, each with the revisions under which it is none, and the revisions under which there is none at all */
export async function compareRevisions(
  rules: readonly Rule[],
  run: Run,
  findings: Finding[],
  redact: Redact,
): Promise<{ findings: Finding[]; revisions: RevisionFit }> {
  const under = new Map<string, Finding[]>();
  for (const date of revisionDates) {
    const contract = await contractOf(date);
    under.set(date, contract === run.contract ? findings : applyRules(rules, seenBy(contract, run), redact).findings);
  }
  const dates = [...under.keys()];
  const fits = dates.filter((date) => under.get(date)?.length === 0);
  const differs = dates.flatMap((revision) => {
    const [first] = under.get(revision) ?? [];
    if (!first || fits.length === 0) return [];
    const { rule, message, pointer } = first;
    return [{ revision, rule, message, ...(pointer !== undefined && { pointer }) }];
  });
  const noted = findings.map((finding) => {
    const notIn = dates.filter((date) => !under.get(date)?.some((other) => isSame(other, finding)));
    return notIn.length > 0 ? { ...finding, notIn } : finding;
  });
  return { findings: noted, revisions: { fits, differs } };
}

const isSame = (a: Finding, b: Finding) =>
  a.rule === b.rule && a.probe === b.probe && a.message === b.message && a.pointer === b.pointer;
