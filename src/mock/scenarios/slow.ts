import type { Scenario } from "./scenario.ts";

const seconds = 2;

export const slow: Scenario = {
  name: "slow",
  title: `Each answer comes after ${seconds} seconds`,
  evidence: "No page says how soon an answer comes; it shows which time limits a client has",
  keeps: () => true,
  begin:
    () =>
    ({ answer }) => ({ ...answer(), delayMs: seconds * 1000 }),
};
