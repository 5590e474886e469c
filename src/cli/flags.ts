// Reads the flags of a command. Errors never echo unknown values: one may be a pasted credential.

import { parseArgs } from "node:util";
import type { ArgumentFault } from "../wire/arguments.ts";

/** An error that the user can fix: one line that says what is wrong, where, and how to fix it. */
export class UsageError extends Error {}

export interface Flag {
  name: string;
  /** Stands for its value in the help; a flag without it is a switch. */
  value?: string;
  isRepeatable?: true;
  help: string;
}

export interface Given {
  name: string;
  /** Empty for `--name=`, which counts as not given: CI templates cannot leave an option out. */
  value: string;
}

export interface Flags {
  /** In the order in which they were given. */
  given: readonly Given[];
  /** The arguments after `--`. */
  command: readonly string[];
  /** The arguments that belong to no option. */
  files: readonly string[];
}

/** What a command takes beside options: a command to run after `--`, or files. */
export type Takes = "nothing" | "command" | "files";

/** @throws {UsageError} */
export function readFlags(flags: readonly Flag[], args: readonly string[], takes: Takes = "nothing"): Flags {
  const options = Object.fromEntries(
    flags.map(({ name, value }) => [name, { type: value === undefined ? "boolean" : "string" } as const]),
  );
  const end = takes === "command" && args.includes("--") ? args.indexOf("--") : args.length;
  const { tokens } = parseArgs({ args: args.slice(0, end), options, strict: false, tokens: true });
  const given: Given[] = [];
  const files: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option-terminator" && takes === "files") continue;
    if (token.kind === "positional" && takes === "files") {
      files.push(token.value);
      continue;
    }
    if (token.kind !== "option") throw unexpected(given, takes);
    const flag = flags.find(({ name }) => name === token.name);
    if (!flag || !token.rawName.startsWith("--")) throw unknown(token.rawName);
    const { name, isRepeatable } = flag;
    if (!isRepeatable && textOf({ given }, name) !== undefined) throw new UsageError(`--${name} is given twice`);
    given.push({ name, value: readValue(flag, token.value, token.inlineValue === true) });
  }
  return { given, command: args.slice(end + 1), files };
}

function readValue({ name, value: placeholder }: Flag, value: string | undefined, isInline: boolean): string {
  if (placeholder === undefined) {
    if (isInline) throw new UsageError(`--${name} takes no value`);
    return "on";
  }
  if (value === undefined || (!isInline && /^(-|$)/.test(value)))
    throw new UsageError(`--${name} needs a value: --${name} ${placeholder}`);
  return value;
}

function unexpected(given: readonly Given[], takes: Takes): UsageError {
  const last = given.at(-1);
  const where = last ? `after --${last.name}` : "at the beginning";
  const rule =
    takes === "command" ? "the command to run comes after --" : "every value belongs to an option, as in --name VALUE";
  return new UsageError(`There is an extra argument ${where}: ${rule}`);
}

function unknown(option: string): UsageError {
  const isCredential = /token|key|secret|password|auth|credential|^--?[as]k$/i.test(option);
  const hint = isCredential ? ". Credentials are read only from the environment" : "";
  return new UsageError(`There is no option ${option}${hint}`);
}

/**
 * An error that names an argument of a function, as one that names the option.
 * @param names of options that are called otherwise than the argument
 */
export function optionError(error: unknown, names: Readonly<Record<string, string>> = {}): unknown {
  const { argument, problem }: Partial<ArgumentFault> = Object(error);
  return argument === undefined ? error : new UsageError(`--${names[argument] ?? argument} ${problem}`);
}

/** The value of a flag that may be given once. */
export const textOf = (flags: Pick<Flags, "given">, name: string): string | undefined => textsOf(flags, name)[0];

export const textsOf = ({ given }: Pick<Flags, "given">, name: string): string[] =>
  given.filter((flag) => flag.name === name && flag.value !== "").map(({ value }) => value);

/** @throws {UsageError} if a list has no ID: it would mean all */
export function idsOf(flags: Flags, name: string): string[] {
  return textsOf(flags, name).flatMap((list) => {
    const ids = list.split(",").map((id) => id.trim());
    if (ids.every((id) => id === "")) throw new UsageError(`--${name} needs a value: --${name} ID[,ID…]`);
    return ids.filter((id) => id !== "");
  });
}

/** @throws {UsageError} if the value is not a whole number from `least` to `most` */
export function numberOf(flags: Flags, name: string, least: number, most: number): number | undefined {
  const value = textOf(flags, name);
  return value === undefined ? undefined : readNumber(`--${name}`, value, least, most);
}

/** @throws {UsageError} that names `what`, if the text is not a whole number from `least` to `most` */
export function readNumber(what: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${what} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}

/** @throws {UsageError} if the value is not one of the choices */
export function choiceOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((choice) => choice === value);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} must be ${listed(choices)}, not ${JSON.stringify(value)}`);
}

/** `a, b or c` */
export const listed = (words: readonly string[], last = "or"): string =>
  [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(` ${last} `);
