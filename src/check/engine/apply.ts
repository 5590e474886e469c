// Applies the rules on a provider to its responses.

import type { Redact } from "../../wire/redact.ts";
import type { Run } from "../model/exchange.ts";
import type { Finding } from "../model/report.ts";
import type { Rule } from "../model/rule.ts";
import { type Asked, Tally } from "./tally.ts";

/** Further faults of one rule in one response are only counted. */
export const toldFaults = 5;

export function applyRules(
  rules: readonly Rule[],
  run: Run,
  redact: Redact,
): { findings: Finding[]; seen: Set<string> } {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  /** @param look applies the rule to everything in one place */
  const apply = (rule: Rule, asked: Asked, look: (tally: Tally) => void) => {
    const tally = new Tally(run.contract, rule, toldFaults);
    look(tally);
    if (tally.hasLooked) seen.add(rule.id);
    findings.push(...tally.told, ...tally.rest("in the same response", asked, redact));
  };
  for (const exchange of run.exchanges) {
    const page = run.pages.get(exchange.probe.id);
    const asked = { probe: exchange.probe.id, request: `GET ${exchange.url}` };
    for (const rule of rules) {
      if ("run" in rule) continue;
      apply(rule, asked, (tally) => {
        if ("exchange" in rule) tally.add(rule.exchange(exchange, run), asked, redact);
        else if ("page" in rule) page && tally.add(rule.page(page, run), asked, redact);
        else
          for (const { record, pointer } of page?.records ?? [])
            tally.add(rule.record(record, run), asked, redact, pointer);
      });
    }
  }
  const judged = rules.filter(({ id, blocks }) => !blocks && seen.has(id)).length;
  const asked = { probe: "list" };
  for (const rule of rules) {
    if ("run" in rule) apply(rule, asked, (tally) => tally.add(rule.run(run, judged, findings.length), asked, redact));
  }
  return { findings, seen };
}
