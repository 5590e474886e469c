import type { Scenario } from "./scenario.ts";

export const cut: Scenario = {
  name: "cut",
  title: "The connection ends half-way through each body",
  evidence: "Not seen; any connection can break",
  keeps: () => false,
  begin:
    () =>
    ({ answer }) => ({ ...answer(), fate: "cut" }),
};
