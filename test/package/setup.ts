// Packs the package and installs it into a project, once for all tests.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { install, pack } from "./install.ts";

declare module "vitest" {
  interface ProvidedContext {
    tarball: string;
    /** A folder in which the tarball is installed. Each test writes files with its own names into it. */
    project: string;
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "package-"));
  const tarball = await pack(folder);
  provide("tarball", tarball);
  provide("project", await install(tarball, folder));
  return () => rm(folder, { recursive: true, force: true });
}
