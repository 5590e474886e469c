// Fetches the vendor's SDK from PyPI by pip, with the environment's proxy, certificates and index. Only wheels, and only unpacked:
// pip runs code of a source distribution, but none of a wheel.

import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { sdkPackage } from "./sdk.ts";
import { SourceError } from "./statement.ts";

const run = promisify(execFile);

/**
 * Downloads a wheel into a folder, and returns the file.
 * @param version Default: the newest
 * @throws {SourceError} if there is no Python or pip, or pip cannot get it
 */
export async function download(into: string, version?: string, name = sdkPackage): Promise<string> {
  const wanted = version === undefined ? name : `${name}==${version}`;
  const options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet", "--dest", into];
  await python(["-m", "pip", "download", ...options, wanted], `pip could not get ${wanted} from PyPI`);
  const wheel = (await readdir(into)).find((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new SourceError(`pip gave no wheel of ${wanted}. ${mend}`);
  return join(into, wheel);
}

/** @throws {SourceError} if there is no Python, or this is no wheel */
export async function unpack(wheel: string, into: string): Promise<void> {
  await python(["-m", "zipfile", "--extract", wheel, into], `${wheel} could not be unpacked`);
}

const mend = "Install Python 3 with pip, or give a version, a wheel or an unpacked one with --sdk.";

async function python(args: string[], failure: string): Promise<void> {
  const command = process.platform === "win32" ? "python" : "python3";
  const own = Object.entries(process.env).filter(([name]) => !/^DCS_/i.test(name));
  try {
    await run(command, args, { env: Object.fromEntries(own), timeout: 300_000 });
  } catch (error) {
    const { code, killed, stderr = "" } = error as { code?: unknown; killed?: boolean; stderr?: string };
    const lines = stderr.trim().split("\n");
    const said = (lines.findLast((line) => line.startsWith("ERROR: ")) ?? lines.at(-1))?.replace(/^ERROR: |\.$/g, "");
    const reason = code === "ENOENT" ? `there is no ${command}` : killed ? "it took more than 5 minutes" : said;
    throw new SourceError(`${failure}: ${reason || `${command} failed`}. ${mend}`);
  }
}
