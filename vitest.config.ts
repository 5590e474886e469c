import { defineConfig } from "vitest/config";

const inChromium = ["test/docs/**/*.test.ts", "test/package/browser.test.ts"];
const hookTimeout = 60_000; // packing and installing, on a busy machine

export default defineConfig({
  test: {
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"], exclude: inChromium, testTimeout: 30_000, hookTimeout } },
      { test: { name: "docs", include: inChromium, testTimeout: 60_000, hookTimeout } },
    ],
  },
});
