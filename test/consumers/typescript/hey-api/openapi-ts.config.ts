import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "openapi.yaml",
  output: "hey-api/api",
  plugins: [
    "@hey-api/client-fetch",
    // Times become Dates. A bigint would be made from a number that JSON.parse has already rounded.
    { name: "@hey-api/transformers", bigInt: false },
    { name: "@hey-api/sdk", transformer: true },
  ],
});
