// How much of the contract was seen, as the last lines of a report.

import { extent, grouped, phrase } from "../coverage/words.ts";
import type { Report } from "../model/report.ts";

export interface CoverageLines {
  /** `Coverage of the contract: seen 31 of 58 (53 %); never seen:` */
  heading: string;
  /** What was never seen and what is out of reach, each with its label. */
  rows: [label: string, text: string][];
}

/** Nothing if the check could not run. */
export function coverageLines({ coverage }: Report): CoverageLines | undefined {
  if (!coverage) return undefined;
  const { neverSeen, outOfReach } = coverage;
  const rows = grouped(neverSeen);
  const heading = `Coverage of the contract: ${extent(coverage)}${rows.length > 0 ? "; never seen:" : ""}`;
  if (outOfReach.length > 0) rows.push(["out of reach", phrase(outOfReach)]);
  return { heading, rows };
}
