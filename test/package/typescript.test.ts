// Programs that use the installed package, compiled by each current TypeScript. The package's declarations and those of its
// dependencies are checked too (skipLibCheck is off), but not TypeScript's own.

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { readManifest, run } from "./install.ts";

const project = inject("project");

const right = `
  import { type BackupRecordResponse, createDcsClient, DcsApiError } from "dcs-backup-records";
  import { checkConsumer, checkProvider, type Finding } from "dcs-backup-records/check";
  import type { BackupStatus } from "dcs-backup-records/types";
  const wanted: BackupStatus = "succeed";
  const client = createDcsClient({
    region: "sa-brazil-1",
    projectId: "my-project",
    credentials: async () => ({ accessKey: "key", secretKey: "secret" }),
    timeoutMs: 5000,
    retry: { limit: 1 },
    onResponse: ({ status = 0, durationMs }) => console.log(status.toFixed(), durationMs.toFixed()),
  });
  export async function succeeded(instanceId: string): Promise<BackupRecordResponse[]> {
    const found: BackupRecordResponse[] = [];
    try {
      for await (const record of client.backupRecords(instanceId, { beginTime: new Date(0) })) {
        if (record.status === wanted) found.push(record);
      }
    } catch (error) {
      if (error instanceof DcsApiError) console.log(error.status.toFixed());
    }
    return found;
  }
  export async function findings(server: string): Promise<Finding[]> {
    const ids = { projectId: "my-project", instanceId: "my-instance" };
    const provider = await checkProvider({ server, ...ids, credentials: { token: "any" }, failOn: "warning" });
    const consumer = await checkConsumer({ command: "npm", args: ["test"] });
    return provider.outcome === "departs" ? provider.findings : consumer.findings;
  }`;

/** Each differs from the correct program in one thing. */
const wrong = [
  { name: "status", from: '"succeed"', to: '"succeeded"', complaint: "Type '\"succeeded\"' is not assignable to type" },
  { name: "option", from: "timeoutMs", to: "timeoutMS", complaint: "'timeoutMS' does not exist in type" },
  { name: "project", from: 'projectId: "my-project",\n', to: "", complaint: "Property 'projectId' is missing in type" },
  { name: "severity", from: '"warning"', to: '"info"', complaint: "Type '\"info\"' is not assignable to type" },
  { name: "outcome", from: '"departs"', to: '"failed"', complaint: "have no overlap" },
];

interface Complaint {
  file: string;
  text: string;
}

async function compile(typescript: string, files: string[], options: string[]): Promise<Complaint[]> {
  const tsc = join(folderOf(typescript), "bin/tsc");
  const common = ["--noEmit", "--pretty", "false", "--target", "es2022", "--lib", "es2022,dom"];
  const checked = ["--skipLibCheck", "false", "--skipDefaultLibCheck", "true"];
  const args = [tsc, ...common, ...checked, ...options, ...files];
  const { stdout } = await run(process.execPath, args, { cwd: project }).catch((error) => error);
  return String(stdout)
    .split(/\n(?=\S)/)
    .filter((text) => text !== "")
    .map((text) => ({ file: /^[^\s(]+/.exec(text)?.[0] ?? "", text }));
}

/** 5 is the repository's own; the others are only for this test. */
const folderOf = (typescript: string) => {
  const { resolve } = createRequire(typescript === "typescript" ? join(repository, "package.json") : import.meta.url);
  return dirname(resolve(`${typescript}/package.json`));
};

/** Writes a program, and returns its name. */
async function program(name: string, code: string): Promise<string> {
  await writeFile(join(project, name), code);
  return name;
}

const compilers = ["typescript", "typescript-6", "typescript-7"];
const resolutions = [
  { resolution: "nodenext", module: "nodenext", kinds: ["mts", "cts"] },
  { resolution: "bundler", module: "esnext", kinds: ["ts"] },
];
const cases = compilers.flatMap((typescript) =>
  resolutions.flatMap((how) => ["true", "false"].map((strict) => ({ typescript, strict, ...how }))),
);

describe("a program that uses the package", () => {
  it.each(cases)(
    "compiles if it is right and only then: $typescript, $resolution, strict: $strict",
    async (options) => {
      const { typescript, strict, resolution, module, kinds } = options;
      const flags = ["--strict", strict, "--module", module, "--moduleResolution", resolution];
      const files: string[] = [];
      const expected: Complaint[] = [];
      for (const kind of kinds) {
        files.push(await program(`right.${kind}`, right));
        for (const { name, from, to, complaint } of wrong) {
          expect(right.split(from)).toHaveLength(2);
          const file = await program(`wrong-${name}.${kind}`, right.replace(from, to));
          files.push(file);
          expected.push({ file, text: expect.stringContaining(complaint) });
        }
      }
      const complaints = await compile(typescript, files, flags);
      expect(complaints.sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file))).toEqual(expected);
    },
  );

  it.each(compilers)("gives the client the fetch of a page, of undici or of node-fetch: %s", async (typescript) => {
    const declarations = (name: string) => JSON.stringify(createRequire(import.meta.url).resolve(name));
    const ofNodeFetch = declarations("node-fetch").replace("src/index.js", "@types/index.js");
    const file = await program(
      "fetch.mts",
      `import undici from ${declarations("undici")};
       import nodeFetch from ${ofNodeFetch};
       import { createDcsClient } from "dcs-backup-records";
       const options = { region: "sa-brazil-1", projectId: "p", credentials: { token: "t" } };
       createDcsClient({ ...options, fetch });
       createDcsClient({ ...options, fetch: undici.fetch });
       createDcsClient({ ...options, fetch: nodeFetch });
       createDcsClient({ ...options, fetch: async (url: string, init: RequestInit) => fetch(url, init) });
       // @ts-expect-error: it has no text
       createDcsClient({ ...options, fetch: async () => ({ status: 200, headers: new Headers() }) });`,
    );
    const flags = ["--strict", "true", "--module", "nodenext", "--moduleResolution", "nodenext"];
    const complaints = await compile(typescript, [file], flags);
    expect(complaints.filter((complaint) => complaint.file === file)).toEqual([]);
  });

  it("is compiled by TypeScript 5, 6 and 7", async () => {
    const versions = compilers.map(async (name) => {
      const { version } = await readManifest(folderOf(name));
      return Number.parseInt(version, 10);
    });
    expect(await Promise.all(versions)).toEqual([5, 6, 7]);
  });

  it("gets an error for a fault in the declarations that it uses", async () => {
    const broken = await program("broken.d.ts", "export declare const broken: NoSuchType;");
    const using = await program("using.ts", 'export { broken } from "./broken.js";');
    for (const typescript of compilers) {
      const flags = ["--module", "nodenext", "--moduleResolution", "nodenext"];
      const complaint = expect.stringContaining("Cannot find name 'NoSuchType'");
      expect(await compile(typescript, [using], flags)).toEqual([{ file: broken, text: complaint }]);
    }
  });
});
