// The package as a bundler puts it into a program for browsers, workers and edge runtimes.

import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

/** The smallest program that uses the client: it makes `createDcsClient` a global of the page or worker. */
export const smallest = `
  import { createDcsClient } from "dcs-backup-records";
  globalThis.createDcsClient = createDcsClient;`;

export interface Bundle {
  code: string;
  /** Total size, minified and gzipped. */
  bytes: number;
  /** The minified size of each input, as text for a person. */
  weights: string;
}

/** Bundles a program in a project's folder, and returns the part loaded at the start. By default it is a classic script: pages, workers and `node:vm` run it. */
export async function bundle(project: string, program: string, options: BuildOptions = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    platform: "browser",
    format: "iife",
    ...options,
    stdin: { contents: program, resolveDir: project, sourcefile: "program.js" },
    absWorkingDir: project,
    bundle: true,
    minify: true,
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const entry = (path: string) => path.endsWith("stdin.js");
  const { contents, text } = outputFiles.find(({ path }) => entry(path)) as (typeof outputFiles)[0];
  const inputs = Object.entries(metafile.outputs).flatMap(([path, output]) =>
    entry(path) ? Object.entries(output.inputs) : [],
  );
  const lines = inputs
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .map(([file, { bytesInOutput }]) => `${String(bytesInOutput).padStart(7)}  ${file}`);
  const bytes = gzipSync(contents, { level: 9 }).length;
  const weights = `${bytes} bytes gzipped, ${contents.length} before that:\n${lines.join("\n")}\n`;
  return { code: text, bytes, weights };
}
