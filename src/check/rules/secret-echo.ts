import { fine, type Rule } from "../rule.ts";
import { shortestSecret } from "../show.ts";

export const secretEcho: Rule = {
  id: "secret-echo",
  severity: "error",
  title: "No answer repeats a secret of the request",
  source: "security",
  exchange({ answer, probe }, { secrets }) {
    const sought = secrets.filter((secret) => secret.length >= shortestSecret);
    if (!answer || sought.length === 0 || probe.anonymous) return undefined;
    const header = [...answer.headers].find(([, value]) => sought.some((secret) => value.includes(secret)));
    if (header) return [{ message: `The header ${header[0]} repeats a secret that the request carried` }];
    const text = answer.text ?? "";
    const unescaped = text.includes("\\/") ? text.replaceAll("\\/", "/") : text;
    const isInBody = sought.some((secret) => unescaped.includes(secret));
    return isInBody ? [{ message: "The body repeats a secret that the request carried" }] : fine;
  },
};
