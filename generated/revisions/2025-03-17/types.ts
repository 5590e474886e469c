// Written by `npm run build` from the files in spec/. Edit those.

// The same in revisions/2025-03-17/ as in revisions/2024-04-24/.
export * from "../../revisions/2024-04-24/types.ts";
