// Finds the command, and loads only what that command needs.

import { createRequire } from "node:module";
import { UsageError } from "./flags.ts";
import { layOut } from "./help.ts";
import type { Surroundings } from "./surroundings.ts";

interface Command {
  help(): Promise<string>;
  /** Returns the exit code. */
  run(args: readonly string[], around: Surroundings): Promise<number>;
}

const commands: Record<string, () => Promise<Command>> = {
  "check provider": () => import("./provider.ts"),
  "check consumer": () => import("./consumer.ts"),
  "check recorded": () => import("./recorded.ts"),
  "check relay": () => import("./relay.ts"),
  mock: () => import("./mock.ts"),
};

/** Returns the exit code. */
export async function main(args: readonly string[], around: Surroundings): Promise<number> {
  const name = Object.keys(commands).find((words) => words.split(" ").every((word, index) => args[index] === word));
  const command = name === undefined ? undefined : await commands[name]?.();
  const rest = args.slice(name?.split(" ").length ?? 0);
  const end = rest.indexOf("--");
  const own = end === -1 ? rest : rest.slice(0, end);
  try {
    if (own.includes("--help") || own.includes("-h")) return await print((await command?.help()) ?? help, around);
    if (command) return await command.run(rest, around);
    if (own[0] === "--version") return await print(`${readVersion()}\n`, around);
    throw new UsageError(`There is no such command. The commands are: ${Object.keys(commands).join(", ")}`);
  } catch (error) {
    const words = ["dcs-backup-records", ...(name ? [name] : []), "--help"];
    const hint = error instanceof UsageError ? `. Help: ${words.join(" ")}` : "";
    around.stderr.write(`${(error as Error).message}${hint}\n`);
    return 2;
  }
}

const help = layOut(
  "dcs-backup-records COMMAND [OPTION …]",
  "Checks servers and clients against the contract of one Huawei Cloud call: list the backup records of a DCS instance.",
  [
    {
      heading: "Commands",
      rows: [
        ["check provider", "asks a server, and reports every violation in its responses"],
        ["check consumer", "runs a command against a mock, and reports every violation in its requests"],
        ["check recorded", "reads recorded traffic, and reports every violation of both sides"],
        ["check relay", "passes traffic on to a service, and reports every violation of both sides"],
        ["mock", "starts the mock on its own"],
      ],
    },
    {
      heading: "Options",
      rows: [
        ["--help", "print this; after a command, print its manual"],
        ["--version", "print the version of this package"],
      ],
    },
    {
      heading: "Exit code",
      rows: [
        ["0", "no violation of the contract"],
        ["1", "a violation of the contract"],
        ["2", "the check could not run"],
      ],
    },
  ],
);

async function print(text: string, { stdout }: Surroundings): Promise<number> {
  await new Promise((resolve) => stdout.write(text, resolve));
  return 0;
}

const readVersion = (): string => createRequire(import.meta.url)("dcs-backup-records/package.json").version;
