import { defineConfig } from "orval";

export default defineConfig({
  dcs: {
    input: "../openapi.yaml",
    output: {
      target: "api.ts",
      client: "fetch",
      baseUrl: { runtime: "server.url", imports: [{ name: "server", values: true, importPath: "./server.js" }] },
    },
  },
});
