import type { Scenario } from "./scenario.ts";

export const ignoresOffset: Scenario = {
  name: "ignores-offset",
  title: "Each page is the first one, whatever the offset",
  evidence: "Not seen; the paging loop of Terraform, over this very list, had to be mended twice",
  keeps: () => false,
  begin:
    () =>
    ({ request, answer }) =>
      answer({ ...request, offset: 0 }),
};
