import { jsonReply } from "../service.ts";
import type { Scenario } from "./scenario.ts";

const seconds = 1;

/** Timers may ring a moment early. */
const toleranceMs = 20;

export const throttled: Scenario = {
  name: "throttled",
  title: `Each page is first a 429 with Retry-After: ${seconds}, and a second later it comes`,
  evidence: "The gateway's APIGW.0308; Huawei Cloud's advice is to retry after Retry-After",
  keeps: () => true,
  begin() {
    const openAt = new Map<string, number>();
    const refusal = jsonReply(
      429,
      { error_code: "APIGW.0308", error_msg: "The throttling threshold has been reached." },
      { "retry-after": String(seconds) },
    );
    return ({ target, now, answer }) => {
      const since = openAt.get(target);
      if (since === undefined) openAt.set(target, now + seconds * 1000 - toleranceMs);
      return since !== undefined && now >= since ? answer() : refusal;
    };
  },
};
