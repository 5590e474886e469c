// Written by `npm run build` from the files in spec/. Edit those.

// The same in revisions/2025-10-23/ as in revisions/2023-12-13/.
export * from "../../revisions/2023-12-13/validators.ts";
