// Runs git and npm, with the environment of this process, less the credentials of the call.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Refusal } from "./refusal.ts";

interface Options {
  cwd: string;
  env?: Record<string, string>;
}

/** Its standard output. */
export const git = (args: string[], options: Options) => run("git", args, options);

/** @throws {Refusal} if npm fails: with the first line of what it wrote */
export const npm = (args: string[], options: Options) => run("npm", args, options);
export const npx = (args: string[], options: Options) => run("npx", args, options);

async function run(program: string, args: string[], { cwd, env }: Options): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^DCS_/i.test(name));
  const shell = process.platform === "win32" && program !== "git"; // npm is a .cmd there
  const around = { cwd, env: { ...Object.fromEntries(own), ...env }, shell, maxBuffer: 2 ** 26 };
  try {
    return (await promisify(execFile)(program, args, around)).stdout;
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    const [said = message] = stderr.split("\n").filter((line) => line.trim() !== "");
    throw new Refusal(`${program} ${args.join(" ")}: ${said}`);
  }
}
