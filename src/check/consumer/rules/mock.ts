import { fine } from "../../../wire/rule.ts";
import type { ConsumerRule } from "../rule.ts";

export const mock: ConsumerRule = {
  id: "mock",
  severity: "error",
  blocks: true,
  title: "The mock checks every request",
  source: "the check itself",
  request: ({ mockFault, httpFault }) =>
    httpFault !== undefined ? undefined : mockFault === undefined ? fine : [{ message: mockFault }],
};
