// Which rules to apply and which probes to send, by their ids.

import { argumentError } from "../../wire/arguments.ts";
import type { Contract } from "../../wire/contract.ts";
import type { Probe } from "../model/exchange.ts";
import type { Rule } from "../model/rule.ts";
import { probesOf } from "./probes.ts";
import { rules } from "./rules/index.ts";

export interface Selection {
  rules: readonly Rule[];
  /** In the order in which they are sent. */
  probes: readonly Probe[];
}

/**
 * Ids of rules select rules, ids of probes select probes. The first probe and the rules on whether the check could run are
 * always selected, and so are probes that settle a doubt and the twin of a selected probe.
 * @throws {RangeError} if there is no such id, or no rule is left
 */
export function select(contract: Contract, only: readonly string[] = [], skip: readonly string[] = []): Selection {
  const probes = probesOf(contract);
  const all = { rules: rules.map(({ id }) => id), probes: probes.map(({ id }) => id) };
  const known = new Set([...all.rules, ...all.probes]);
  for (const [argument, ids] of Object.entries({ only, skip })) {
    const unknown = ids.find((id) => !known.has(id));
    if (unknown === undefined) continue;
    throw argumentError(
      RangeError,
      argument,
      `has ${JSON.stringify(unknown)}, which is not the id of a rule or request`,
    );
  }
  const chosen = (ids: string[]) => {
    const wanted = ids.filter((id) => only.includes(id));
    return new Set((wanted.length > 0 ? wanted : ids).filter((id) => !skip.includes(id)));
  };
  const ruleIds = chosen(all.rules);
  const wantedProbes = chosen(all.probes);
  const sent = new Set(["list"]);
  for (const { id, twin, when } of probes) {
    if (when && !skip.includes(id)) sent.add(id);
    if (!wantedProbes.has(id) || (twin && skip.includes(twin))) continue;
    sent.add(id);
    if (twin) sent.add(twin);
  }
  const probesSent = probes.filter(({ id }) => sent.has(id));
  const applied = rules.filter(({ id, blocks }) => ruleIds.has(id) || blocks);
  if (applied.every(({ blocks }) => blocks)) throw argumentError(RangeError, "skip", "leaves no rule to apply");
  return { rules: applied, probes: probesSent };
}
