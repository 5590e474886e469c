import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Keeps compiled code on disk between runs: the tools are large, and loading them takes much of a test file's time.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node");

const ofWorkflows = ["test/workflows/**/*.test.ts"];
// What they test is not on Windows: a script for Bash, and signals that reach a group of processes.
const elsewhere =
  process.platform === "win32" ? ["test/repository/ci.test.ts", "test/check/consumer-signals.test.ts"] : [];

const slow = { testTimeout: 60_000, hookTimeout: 120_000 };
const installed = ["test/package/**/*.test.ts"];
const inChromium = ["test/docs/**/*.test.ts"];
const withToolchains = ["test/consumers/{samples,mock,watch,recordings}.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: "100%", // Vitest's default leaves one core idle, which is half of a small machine
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...installed, ...inChromium, ...withToolchains, ...ofWorkflows, ...elsewhere],
          setupFiles: ["test/offline.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000, // on a busy machine
        },
      },
      { test: { name: "package", include: installed, globalSetup: "test/package/setup.ts", ...slow } },
      { test: { name: "docs", include: inChromium, ...slow } },
      { test: { name: "workflows", include: ofWorkflows, globalSetup: "test/workflows/tools.ts", ...slow } },
      { test: { name: "consumers", include: withToolchains, ...slow } },
    ],
  },
});
