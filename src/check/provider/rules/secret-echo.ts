import { hasSecret } from "../../../wire/redact.ts";
import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const secretEcho: Rule = {
  id: "secret-echo",
  severity: "error",
  title: "No response repeats a secret of the request",
  source: "security",
  exchange({ answer }, { secrets }) {
    if (!answer || secrets.length === 0) return undefined;
    const header = [...answer.headers].find(([, value]) => hasSecret(value, secrets));
    if (header) return [{ message: `The header ${header[0]} repeats a secret of the request` }];
    const isInBody = hasSecret(answer.text ?? "", secrets);
    return isInBody ? [{ message: "The body repeats a secret of the request" }] : fine;
  },
};
