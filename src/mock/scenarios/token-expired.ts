import { gatewayError } from "../replies.ts";
import type { Scenario } from "./scenario.ts";

export const tokenExpired: Scenario = {
  name: "token-expired",
  title: "After the first page the token has expired (401), until a request has another one",
  evidence: "The gateway's APIGW.0307; a token is valid for 24 hours, and then expires also between two pages",
  keeps: () => false,
  begin({ contract }) {
    let expired: string | undefined;
    return ({ number, credential, answer }) => {
      if (credential === expired) return gatewayError(401, "APIGW.0307", "The token must be updated.", number);
      const reply = answer();
      if (reply.status === contract.page.status) expired ??= credential;
      return reply;
    };
  },
};
