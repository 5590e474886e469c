import type { Scenario } from "./scenario.ts";

const most = 7;

export const clamped: Scenario = {
  name: "clamped",
  title: `A page has at most ${most} records, whatever the limit`,
  evidence: "No page says that a page is full, or what becomes of a limit that is too large for the service",
  keeps: () => true,
  begin:
    () =>
    ({ request, answer }) =>
      answer({ ...request, limit: Math.min(request.limit, most) }),
};
