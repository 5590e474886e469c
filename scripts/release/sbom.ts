// The SBOM of the package: what whoever installs it installs too, in CycloneDX, by `npm sbom`.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, readManifest } from "./manifest.ts";
import { loadCycloneDx } from "./packages.ts";
import { Refusal } from "./refusal.ts";
import { npm } from "./run.ts";

export interface Bom {
  specVersion: string;
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string } };
  components: { name: string; version: string }[];
}

/**
 * @param checkout The files of the commit.
 * @param moment Of the commit, so that the same commit has the same SBOM.
 */
export async function makeSbom(checkout: string, moment: string, temporary: string): Promise<string> {
  const { name } = await readManifest(checkout);
  const folder = join(temporary, name); // npm calls the package as its folder is called
  await mkdir(folder);
  for (const file of ["package.json", "package-lock.json"]) await cp(join(checkout, file), join(folder, file));
  // From the lockfile alone: node_modules also has what npm installed for this platform.
  const told = await npm(["sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"], {
    cwd: folder,
  });
  const { serialNumber: _, ...bom } = JSON.parse(told) as Bom;
  const dated = { ...bom, metadata: { ...bom.metadata, timestamp: moment } };
  const { specVersion, ...rest } = dated;
  return `${JSON.stringify({ specVersion, serialNumber: serialNumber(JSON.stringify(dated)), ...rest }, null, 2)}\n`;
}

/** A UUID of version 8, from the content instead of by chance. */
function serialNumber(content: string): string {
  const hex = createHash("sha256").update(content).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}

/** @throws {Refusal} if it is not valid, or lists other packages than the lockfile has for the package's users */
export async function checkSbom(text: string, checkout: string): Promise<string[]> {
  const bom = JSON.parse(text) as Bom;
  const { Validation } = loadCycloneDx();
  const [error] = (await new Validation.JsonStrictValidator(bom.specVersion).validate(text)) ?? [];
  if (error) throw new Refusal(`The SBOM is not valid: ${error.instancePath || "/"} ${error.message}.`);
  const listed = bom.components.map(({ name, version }) => `${name}@${version}`);
  const lock = JSON.parse(await readFile(join(checkout, "package-lock.json"), "utf8"));
  const wanted = runtimePackages(await readManifest(checkout), lock);
  const faults = [
    ...listed.filter((name) => !wanted.includes(name)).map((name) => `lists ${name}, which users do not install`),
    ...wanted.filter((name) => !listed.includes(name)).map((name) => `does not list ${name}`),
  ];
  if (faults.length > 0) throw new Refusal(`The SBOM ${faults.join(", and ")}.`);
  return listed.sort();
}

interface Lock {
  packages: Record<string, Pick<Manifest, "version" | "dependencies" | "optionalDependencies">>;
}

/** The dependencies of a package and theirs, each with its version. */
export function runtimePackages(root: Lock["packages"][string], { packages }: Lock): string[] {
  const found = new Map<string, string>();
  visit(root, "");
  return [...found.values()].sort();

  function visit({ dependencies, optionalDependencies }: Lock["packages"][string], path: string): void {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = placeOf(name, path);
      if (found.has(place)) continue;
      const entry = packages[place] as Lock["packages"][string];
      found.set(place, `${name}@${entry.version}`);
      visit(entry, place);
    }
  }

  /** As Node looks it up: beside the package that asks, then further up. */
  function placeOf(name: string, path: string): string {
    const place = `${path}${path && "/"}node_modules/${name}`;
    if (packages[place]) return place;
    if (path === "") throw new Refusal(`package-lock.json has no ${name}. Fix it: npm install`);
    return placeOf(name, path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/"))));
  }
}
