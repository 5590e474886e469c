// The option --revision, which all commands have.

import { revisions } from "../../generated/revisions.ts";
import type { Contract } from "../wire/contract.ts";
import { choiceOf, type Flag, type Flags, textOf } from "./flags.ts";

const dates = revisions.map(({ date }) => date);
const described = revisions.map(({ date, publisher }) => `${date} (${publisher})`);

export const revisionFlag: Flag = {
  name: "revision",
  value: "DATE",
  help: `the revision of the contract: ${described.join(", ")}, or newest, which is Huawei Cloud's newest (default: ${dates[0]})`,
};

/** @throws {UsageError} if there is no such revision */
export async function readRevision(flags: Flags): Promise<{ contract?: Contract }> {
  const given = textOf(flags, "revision");
  if (given === undefined) return {};
  const { contractOf } = await import("../wire/contract.ts");
  return { contract: await contractOf(choiceOf("revision", given, [...dates, "newest"])) };
}
