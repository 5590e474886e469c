import { defineConfig } from "orval";

export default defineConfig({
  dcs: {
    input: "../openapi.yaml",
    output: {
      target: "api.ts",
      client: "zod",
      override: {
        useDates: true, // which zod makes of the strings that JSON has:
        zod: { coerce: { response: ["date"] }, generateEachHttpStatus: true },
      },
    },
  },
});
