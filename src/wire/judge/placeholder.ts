import type { Fault } from "../rule.ts";
import { factOf, idsIn, ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const placeholder: RequestRule = {
  id: "placeholder",
  severity: "warning",
  title: "No ID or token is an unfilled placeholder",
  source: "parameters",
  request: ofOperation(({ path, headers }, contract) => {
    const faults: Fault[] = Object.entries(idsIn(path, contract) ?? {})
      .filter(([, id]) => isPlaceholder(id))
      .map(([name, id]) => ({ message: `The ${name} looks unfilled`, actual: id, ...factOf(name, contract) }));
    if (isPlaceholder(String(headers["x-auth-token"] ?? "")))
      faults.push({ message: "The token in X-Auth-Token looks unfilled", source: "security.token" });
    return faults;
  }),
};

function isPlaceholder(value: string): boolean {
  return /^(undefined|null|none|nan|\[object Object\]|%7B.*%7D|\{.*\}|%3C.*%3E|<.*>|\$.*|:[a-z_]+)$/i.test(value);
}
