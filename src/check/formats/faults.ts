// What all formats have in common: each fault once, wherever it was found, and how the check ended.

import { exportedYaml, revisionDates } from "../../wire/contract.ts";
import { groupBy } from "../engine/group.ts";
import { visible } from "../engine/show.ts";
import type { Finding, Report } from "../model/report.ts";

/** The same fault, in one place or several. */
export interface Fault {
  /** The finding that is shown in full. */
  first: Finding;
  /** Title of its rule. */
  title: string;
  /** Where else it was found: ids of probes or requests, and how often. */
  elsewhere: { probe: string; times: number }[];
  /** How many more there are, which the report only counts. */
  more: number;
  /** The name under which this package exports the contract's file. */
  exportedFile: string;
}

/** Errors before warnings, and then in the order of the rules. */
export function faultsOf({ rules, findings, revision }: Report): Fault[] {
  const faults = new Map<string, { first: Finding; counts: Map<string, number>; more: number }>();
  for (const finding of findings) {
    const { rule, severity, message, pointer = "" } = finding;
    const place = placeOf(finding);
    // The same fault of a field in several records counts as one.
    const key = JSON.stringify([rule, severity, message, pointer.replace(/\d+/g, "*")]);
    const known = faults.get(key);
    const kin = finding.more && [...faults.values()].findLast(({ first }) => first.rule === rule);
    if (kin) kin.more += finding.more ?? 0;
    else if (!known) faults.set(key, { first: finding, counts: new Map(), more: 0 });
    else known.counts.set(place, (known.counts.get(place) ?? 0) + 1);
  }
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const places = new Map(rules.map(({ id }, index) => [id, index]));
  const rank = ({ first }: Fault) => (places.get(first.rule) ?? 0) + (first.severity === "error" ? 0 : rules.length);
  return [...faults.values()]
    .map(({ first, counts, more }) => ({
      first,
      title: titles.get(first.rule) ?? first.rule,
      elsewhere: [...counts].map(([probe, times]) => ({ probe, times })),
      more,
      exportedFile: exportedYaml(revision),
    }))
    .sort((a, b) => rank(a) - rank(b));
}

/** The probe or request, in its scenario. */
const placeOf = ({ probe, scenario }: Finding) => (scenario === undefined ? probe : `${probe} in ${scenario}`);

/**
 * The details of a fault, each with its label.
 * @param contractFile the file of the contract, if the reader has it
 */
export function detailsOf(fault: Fault, contractFile = fault.exportedFile): [label: string, text: string][] {
  const { first, elsewhere, more } = fault;
  const { request, pointer, actual, expected, contract, source, notIn } = first;
  const details: Record<string, string | false | undefined> = {
    request: request && `${request} (${placeOf(first)})`,
    scenario: request === undefined && first.scenario,
    found: actual,
    at: pointer === "" ? "the whole body" : pointer,
    expected,
    contract: source,
    line: contract && `${contractFile}:${contract.line} ${contract.pointer}`,
    "not in": notIn && `revision ${notIn.join(", ")}`,
    "also in": elsewhere.length + more > 0 && phrase(elsewhere, more),
  };
  return Object.entries(details).flatMap(([label, text]) => (text ? [[label, visible(text)]] : []));
}

/** `limit, window (2 times) and 9 more` */
function phrase(elsewhere: Fault["elsewhere"], more: number, room = 6): string {
  const named = elsewhere.slice(0, room).map(({ probe, times }) => (times === 1 ? probe : `${probe} (${times} times)`));
  const rest = elsewhere.slice(room).reduce((sum, { times }) => sum + times, more);
  return [named.join(", "), rest > 0 && `${rest} more`].filter(Boolean).join(" and ");
}

/** How the check ended, as a sentence without its full stop. */
export function verdict({ outcome, side, server, contractVersion, revision }: Report): string {
  const who = side === "provider" ? server : "The command";
  if (outcome === "could-not-run") return `${who} could not be checked`;
  const which = revision === undefined || revision === revisionDates[0] ? "" : `, revision ${revision}`;
  return `${who} ${outcome === "conforms" ? "conforms to" : "violates"} contract ${contractVersion}${which}`;
}

/** Which revisions the responses of a server fit, and what tells the others apart: a sentence each, without a full stop. */
export function revisionsOf({ revisions }: Report): string[] {
  if (!revisions) return [];
  const { fits, differs } = revisions;
  if (fits.length === revisionDates.length) return ["Fits every revision: no response tells them apart"];
  if (fits.length === 0) return ["Fits no revision"];
  const byMessage = groupBy(
    differs,
    ({ rule, message, pointer }) => `${message}${pointer ? `, at ${pointer}` : ""} (${rule})`,
  );
  const others = [...byMessage].map(
    ([why, those]) => `Not ${those.map(({ revision }) => revision).join(", ")}: ${why}`,
  );
  return [`Fits revision ${fits.join(", ")}`, ...others];
}

/** `of 36 rules 1 failed, 2 warned, 30 passed, 3 skipped` */
export function counts({ rules, summary: { failed, warned, passed, skipped } }: Report): string {
  const parts = Object.entries({ failed, warned, passed, skipped }).filter(([, count]) => count > 0);
  return `of ${rules.length} rules ${parts.map(([result, count]) => `${count} ${result}`).join(", ")}`;
}

/** Names up to a dozen skipped rules. Empty if none was skipped, or if the check failed and skipped most: then the report says why. */
export function skippedRules({ ok, rules, summary }: Report): string {
  if (summary.skipped === 0 || (!ok && summary.skipped > rules.length / 2)) return "";
  const skipped = rules.filter(({ result }) => result === "skipped").map(({ id }) => id);
  const room = 12;
  const rest = skipped.length > room + 1 ? ` and ${skipped.length - room} more` : "";
  return `Left out, or nothing to check: ${(rest ? skipped.slice(0, room) : skipped).join(", ")}${rest}`;
}
