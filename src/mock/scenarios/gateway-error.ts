import { unauthenticated } from "../replies.ts";
import type { Scenario } from "./scenario.ts";

export const gatewayErrors: Scenario = {
  name: "gateway-error",
  title: "Each request gets a 401 of the gateway, with a request_id and a code of 10 characters",
  evidence: "Recorded: the gateway answers before DCS does; 2 of 17 generated clients failed on its form",
  keeps: () => false,
  begin:
    () =>
    ({ number }) =>
      unauthenticated(number),
};
