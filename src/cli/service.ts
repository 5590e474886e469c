// The options of the service behind a mock, which `mock` and `check consumer` have.

import { readFile } from "node:fs/promises";
import { mostRecords } from "../mock/history.ts";
import type { MockOptions } from "../mock/index.ts";
import { scenarioNames, scenarios } from "../mock/scenarios/index.ts";
import { baseContract, type Contract } from "../wire/contract.ts";
import { readCredentials } from "./credentials.ts";
import { choiceOf, type Flag, type Flags, numberOf, textOf, textsOf, UsageError } from "./flags.ts";
import type { Section } from "./help.ts";
import type { Surroundings } from "./surroundings.ts";

export const serviceFlags: readonly Flag[] = [
  {
    name: "data",
    value: "FILE",
    help: "file with the records of the service: a page, an array of records, or one record a line (NDJSON); they must keep to the contract (default: the record of the reference page's example)",
  },
  { name: "records", value: "N", help: "make up N records instead, the newest first (default with --scenario: 120)" },
  { name: "seed", value: "S", help: "of the records that are made up: the same seed makes the same ones (default: 1)" },
  {
    name: "total",
    value: "WHAT",
    help: "what total_num counts: all matching records, or those of the page (default: all)",
  },
  {
    name: "instance",
    value: "ID",
    isRepeatable: true,
    help: "an instance that there is; may be repeated. Others are then answered with 404 (default: any instance is there)",
  },
  {
    name: "verify",
    help: "accept only the credentials of the environment: a signature is verified, and a refusal explained (default: accept any)",
  },
];

/** For the help: the environment of --verify. */
export const verifyRows = [
  ["DCS_AUTH_TOKEN", "with --verify: the token to accept; or"],
  ["DCS_ACCESS_KEY, DCS_SECRET_KEY", "the keys that a signature must be made with"],
  ["DCS_SECURITY_TOKEN", "the security token that temporary keys come with"],
] as const;

/** @param each whether `each` stands for all scenarios, one after the other */
export const scenarioFlag = (each: boolean): Flag => ({
  name: "scenario",
  value: "NAME",
  help: `play a scenario, as listed below${each ? "; each: run COMMAND once without one and once with each" : ""}`,
});

/** For the help: those that keep to the contract, and those that do not. */
export const scenarioSections: readonly Section[] = [true, false].map((keeps) => ({
  heading: keeps ? "Scenarios that keep to the contract" : "Scenarios that do not keep to the contract",
  rows: scenarios
    .filter((scenario) => scenario.keeps(baseContract) === keeps)
    .map(({ name, title, evidence }) => [name, `${title}. (${evidence})`] as const),
}));

/** @throws {UsageError} */
export async function readService(flags: Flags, contract: Contract, { env }: Surroundings): Promise<MockOptions> {
  const file = textOf(flags, "data");
  const count = numberOf(flags, "records", 0, mostRecords);
  const seed = numberOf(flags, "seed", 0, 2 ** 31 - 1);
  const total = textOf(flags, "total");
  const instances = textsOf(flags, "instance");
  if (file !== undefined && count !== undefined) throw new UsageError("--data and --records are both given: give one");
  const isMadeUp = count !== undefined || (file === undefined && textOf(flags, "scenario") !== undefined);
  if (seed !== undefined && !isMadeUp)
    throw new UsageError("--seed is given without --records: add --records N, the records that it makes");
  const records = file === undefined ? count : await readData(file, contract);
  return {
    ...(records !== undefined && { records }),
    ...(seed !== undefined && { seed }),
    ...(total !== undefined && { total: choiceOf("total", total, ["all", "page"] as const) }),
    ...(instances.length > 0 && { instances }),
    ...(textOf(flags, "verify") !== undefined && { credentials: readCredentials(env) }),
  };
}

/** @throws {UsageError} if there is no such scenario */
export function readScenario(flags: Flags, ...others: string[]): string | undefined {
  const name = textOf(flags, "scenario");
  return name === undefined ? undefined : choiceOf("scenario", name, [...scenarioNames, ...others]);
}

/** Why a file cannot be read, by the code of the error. */
const unread: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, not a file",
  EACCES: "this user may not read it",
  ERR_STRING_TOO_LONG: "it is too large: give at most 512 MB",
};

async function readData(file: string, contract: Contract) {
  const shown = `--data ${JSON.stringify(file)}`;
  const text = await readFile(file, "utf8").catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new UsageError(`${shown}: ${unread[code ?? ""] ?? message}`);
  });
  const { readRecords } = await import("../mock/data.ts");
  try {
    return readRecords(text, file, contract);
  } catch (error) {
    throw new UsageError(`${shown}: ${(error as Error).message}`);
  }
}
