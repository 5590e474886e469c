import type { Scenario } from "./scenario.ts";

export const empty204: Scenario = {
  name: "empty-204",
  title: "The instance has no backups, and that is a 204 without a body",
  evidence: "Open Telekom Cloud's page of 2024-04-24; 6 of 17 generated clients failed on it",
  keeps: ({ responses }) => responses.has(204),
  isEmpty: true,
  begin: () => () => ({ status: 204, headers: {}, held: [] }),
};
