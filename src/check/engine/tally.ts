// The one place where the faults of a rule become findings. It counts them, so that the report stays short whatever a server
// or a command sends.

import type { Contract } from "../../wire/contract.ts";
import { oneLine, type Redact } from "../../wire/redact.ts";
import { type Fault, fine, type RuleHead, type Verdict } from "../../wire/rule.ts";
import type { Finding } from "../model/report.ts";
import { show, showPointer } from "./show.ts";

/** What a finding is about: the id of a probe or a request, its scenario or its place in a recording, and its method and URL. */
export type Asked = Pick<Finding, "probe" | "scenario" | "file" | "line"> &
  Partial<Record<"at" | "request", string | undefined>>;

/** What one rule finds in one place: the first faults are listed, the others counted. */
export class Tally {
  readonly #contract: Contract;
  readonly #rule: RuleHead;
  readonly #most: number;
  readonly #mostAtOnce: number;
  readonly #told: Finding[] = [];
  #count = 0;
  #hasLooked = false;

  /**
   * @param most how many faults are listed
   * @param mostAtOnce how many of one verdict are listed
   */
  constructor(contract: Contract, rule: RuleHead, most: number, mostAtOnce = most) {
    this.#contract = contract;
    this.#rule = rule;
    this.#most = most;
    this.#mostAtOnce = mostAtOnce;
  }

  /** @param at JSON pointer, in the body, of the value that the rule looked at */
  add(verdict: Verdict, asked: Asked, redact: Redact, at = ""): void {
    if (!verdict) return;
    this.#hasLooked = true;
    if (verdict === fine) return;
    const room = Math.min(this.#most, this.#told.length + this.#mostAtOnce);
    for (const fault of verdict) {
      this.#count += 1;
      if (this.#told.length < room) this.#told.push(toFinding(this.#contract, this.#rule, asked, fault, redact, at));
    }
  }

  /** How many faults were found, those included that are not listed. */
  get count(): number {
    return this.#count;
  }

  /** Whether the rule had something to check. */
  get hasLooked(): boolean {
    return this.#hasLooked;
  }

  /** In the order in which they were added. */
  get told(): readonly Finding[] {
    return this.#told;
  }

  /**
   * The finding that stands for the faults that are only counted, if there are any.
   * @param where after "more of this kind"
   */
  rest(where: string, asked: Asked, redact: Redact): Finding[] {
    const more = this.#count - this.#told.length;
    if (more === 0) return [];
    return [
      toFinding(this.#contract, this.#rule, asked, { message: `${more} more of this kind ${where}`, more }, redact, ""),
    ];
  }
}

function toFinding(
  { facts }: Contract,
  rule: RuleHead,
  { probe, scenario, file, line, at: time, request }: Asked,
  fault: Fault,
  redact: Redact,
  at: string,
): Finding {
  const { message, pointer, expected, more, source = rule.source } = fault;
  const isInBody = pointer !== undefined || at !== "";
  const fact = Object.hasOwn(facts, source) ? facts[source] : undefined;
  return {
    rule: rule.id,
    severity: rule.severity,
    probe,
    ...(scenario !== undefined && { scenario }),
    ...(file !== undefined && { file: oneLine(file, redact) }),
    ...(line !== undefined && { line }),
    ...(time !== undefined && { at: time }),
    ...(request !== undefined && { request: redact(request) }),
    message: oneLine(message, redact),
    ...(isInBody && { pointer: showPointer(`${at}${pointer ?? ""}`, redact) }),
    ...(expected !== undefined && { expected: oneLine(expected, redact) }),
    ...("actual" in fault && { actual: show(fault.actual, redact) }),
    ...(more !== undefined && { more }),
    source: fact?.says ?? source,
    ...(fact && { contract: { pointer: fact.pointer, line: fact.line } }),
  };
}
