// Written by `npm run build` from the files in spec/. Edit those.

/** A revision of the reference page. */
export interface Revision {
  date: string;
  publisher: string;
  /** The date of the revision that it follows. The first one follows none: it is the contract of spec/openapi.yaml. */
  follows?: string;
  /** A, the whole page was read; B, a part of it; C, an SDK or another artefact. */
  read?: string;
}

/** In the order of their dates. */
export const revisions: readonly [Revision, ...Revision[]] = [
  {
    "date": "2022-11-09",
    "publisher": "Huawei Cloud"
  },
  {
    "date": "2023-12-13",
    "publisher": "Huawei Cloud",
    "follows": "2022-11-09",
    "read": "B"
  },
  {
    "date": "2024-04-24",
    "publisher": "Open Telekom Cloud",
    "follows": "2023-12-13",
    "read": "A"
  },
  {
    "date": "2025-03-17",
    "publisher": "Open Telekom Cloud",
    "follows": "2024-04-24",
    "read": "A"
  },
  {
    "date": "2025-10-23",
    "publisher": "Huawei Cloud",
    "follows": "2023-12-13",
    "read": "B"
  }
];

/** The modules of each but the first, by their dates. */
export const load = {
  "2023-12-13": () => Promise.all([
    import("./revisions/2023-12-13/contract.ts"),
    import("./revisions/2023-12-13/facts.ts"),
    import("./revisions/2023-12-13/validators.ts"),
  ]),
  "2024-04-24": () => Promise.all([
    import("./revisions/2024-04-24/contract.ts"),
    import("./revisions/2024-04-24/facts.ts"),
    import("./revisions/2024-04-24/validators.ts"),
  ]),
  "2025-03-17": () => Promise.all([
    import("./revisions/2025-03-17/contract.ts"),
    import("./revisions/2025-03-17/facts.ts"),
    import("./revisions/2025-03-17/validators.ts"),
  ]),
  "2025-10-23": () => Promise.all([
    import("./revisions/2025-10-23/contract.ts"),
    import("./revisions/2025-10-23/facts.ts"),
    import("./revisions/2025-10-23/validators.ts"),
  ]),
};
