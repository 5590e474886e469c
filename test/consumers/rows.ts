// The matrix: every consumer of the contract that the run proves, as data. Versions stand where each ecosystem pins
// them, in the manifests of the folders beside this file.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A project of one ecosystem: a folder beside this file, which the run copies to `.consumers/` and works in. */
export interface Project {
  folder: string;
  /** Commands that the machine must have, with what people call them. */
  needs: Record<string, string>;
  /** Fetches what the rows need, and does so again when a manifest has changed. */
  install: string;
  manifests: string[];
}

export interface Row {
  /** What `npm run test:consumers -- NAME` takes. */
  name: string;
  language: string;
  /** The generator as its users name it. */
  generator: string;
  version: string;
  input: "openapi.yaml" | "openapi.json" | "openapi-3.1.yaml" | "openapi-3.1.json";
  /** The first is the folder that the commands run in. */
  projects: [Project, ...Project[]];
  /** What the generator writes, in that folder. */
  output: string;
  generate: string;
  /** Absent if the machine that proves the contract has no toolchain for the language. */
  build?: string;
  run?: string;
  /** What a user of this generator ought to know. */
  notes?: string;
}

/** Reads documents and says what is wrong with them, but generates nothing. */
export interface Parser {
  name: string;
  language: string;
  parser: string;
  version: string;
  projects: [Project, ...Project[]];
  /** Gets files as arguments, and fails if it has a complaint about one of them. */
  read: string;
  notes?: string;
}

const typescript: Project = {
  folder: "typescript",
  needs: { node: "Node", npm: "npm" },
  install: "npm ci --ignore-scripts",
  manifests: ["package.json", "package-lock.json"],
};

const openapiGenerator: Project = {
  folder: "openapi-generator",
  needs: { java: "a JDK", mvn: "Maven" },
  install: "mvn --batch-mode --quiet dependency:copy",
  manifests: ["pom.xml"],
};
const openapiGeneratorVersion = pinned("openapi-generator/pom.xml", "<artifactId>openapi-generator-cli</artifactId>");
const openapiGeneratorCli = "java -jar ../openapi-generator/openapi-generator-cli.jar";

export const rows: Row[] = [
  {
    name: "openapi-typescript",
    language: "TypeScript",
    generator: "openapi-typescript + openapi-fetch",
    version: pinned("typescript/package.json", '"openapi-typescript"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "openapi-typescript/types.ts",
    generate: "npx openapi-typescript openapi.yaml --output openapi-typescript/types.ts",
    build: "npx tsc -p openapi-typescript",
    run: "node dist/openapi-typescript/main.js",
  },
  {
    name: "hey-api",
    language: "TypeScript",
    generator: "@hey-api/openapi-ts",
    version: pinned("typescript/package.json", '"@hey-api/openapi-ts"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "hey-api/api",
    generate: "npx openapi-ts --file hey-api/openapi-ts.config.ts",
    build: "npx tsc -p hey-api",
    run: "node dist/hey-api/main.js",
  },
  {
    name: "orval-fetch",
    language: "TypeScript",
    generator: "orval, client fetch",
    version: pinned("typescript/package.json", '"orval"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "orval-fetch/api.ts",
    generate: "npx orval --config orval-fetch/orval.config.ts --fail-on-warnings",
    build: "npx tsc -p orval-fetch",
    run: "node dist/orval-fetch/main.js",
  },
  {
    name: "orval-zod",
    language: "TypeScript",
    generator: "orval, client zod",
    version: pinned("typescript/package.json", '"orval"'),
    input: "openapi.yaml",
    projects: [typescript],
    output: "orval-zod/api.ts",
    generate: "npx orval --config orval-zod/orval.config.ts --fail-on-warnings",
    build: "npx tsc -p orval-zod",
    run: "node dist/orval-zod/main.js",
  },
  {
    name: "typescript-fetch",
    language: "TypeScript",
    generator: "OpenAPI Generator typescript-fetch",
    version: openapiGeneratorVersion,
    input: "openapi.yaml",
    projects: [typescript, openapiGenerator],
    output: "typescript-fetch/api",
    generate: `${openapiGeneratorCli} generate -i openapi.yaml -g typescript-fetch -o typescript-fetch/api -p importFileExtension=.js`,
    build: "npx tsc -p typescript-fetch",
    run: "node dist/typescript-fetch/main.js",
  },
  {
    name: "typescript-axios",
    language: "TypeScript",
    generator: "OpenAPI Generator typescript-axios",
    version: openapiGeneratorVersion,
    input: "openapi.yaml",
    projects: [typescript, openapiGenerator],
    output: "typescript-axios/api",
    generate: `${openapiGeneratorCli} generate -i openapi.yaml -g typescript-axios -o typescript-axios/api -p importFileExtension=.js`,
    build: "npx tsc -p typescript-axios",
    run: "node dist/typescript-axios/main.js",
  },
];

export const parsers: Parser[] = [];

/** The first version that follows a text in a manifest. */
function pinned(file: string, before: string): string {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  const version = text.split(before)[1]?.match(/[\d.]+\d/)?.[0];
  if (!version) throw new Error(`test/consumers/${file} has no version after ${before}`);
  return version;
}
