// The package as its users have it: installed into an empty project, where each of its commands answers.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "./manifest.ts";
import { Refusal } from "./refusal.ts";
import { npm, npx } from "./run.ts";

/** Installs a tarball, and returns the project. */
export async function install(tarball: string, temporary: string): Promise<string> {
  const project = join(temporary, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  await npm(["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball], { cwd: project });
  return project;
}

/** Asks each command for its help, and returns their names. */
export async function askCommands(project: string, name: string): Promise<string[]> {
  const { bin } = await readManifest(join(project, "node_modules", name));
  const asked: string[] = [];
  for (const command of Object.keys(bin)) {
    const help = await ask(command);
    const owned = commandsIn(help);
    if (owned.length === 0) throw new Refusal(`${command} --help, installed, lists no commands.`);
    for (const own of owned) await ask(`${command} ${own}`);
  }
  return asked;

  async function ask(command: string): Promise<string> {
    const help = await npx(["--no-install", ...command.split(" "), "--help"], { cwd: project });
    if (!help.startsWith(`Usage: ${command} `))
      throw new Refusal(
        `${command} --help, installed, does not begin with "Usage: ${command} ": ${help.split("\n")[0]}`,
      );
    asked.push(command);
    return help;
  }
}

/** The rows below "Commands". */
function commandsIn(help: string): string[] {
  const [, rows = ""] = /^Commands:?\n((?: {2}.+\n)+)/m.exec(help) ?? [];
  return [...rows.matchAll(/^ {2}(\S+(?: \S+)*) {2}/gm)].map(([, name]) => name as string);
}
