import { gatewayError } from "../replies.ts";
import type { Play, Scenario } from "./scenario.ts";

const reset: Play = ({ answer }) => ({ ...answer(), fate: "reset" });

const badGateway: Play = () => ({
  status: 502,
  headers: { "content-type": "text/html" },
  body: "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n",
});

const timeout: Play = ({ number }) => gatewayError(504, "APIGW.0201", "Backend timeout.", number);

export const flaky: Scenario = {
  name: "flaky",
  title: "The first request is reset, the second gets a 502 in HTML, the third a 504 of the gateway, then all is well",
  evidence:
    "Proxies answer in HTML or plain text, the gateway in JSON of its own (APIGW.0201); any connection can break",
  keeps: () => false,
  begin() {
    const faults = [reset, badGateway, timeout];
    return (call) => faults.shift()?.(call) ?? call.answer();
  },
};
