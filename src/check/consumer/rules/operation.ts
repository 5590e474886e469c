import { pathTemplate } from "../../model/contract.ts";
import { fine } from "../../model/rule.ts";
import { pathForm } from "../operation.ts";
import type { ConsumerRule } from "../rule.ts";

export const operation: ConsumerRule = {
  id: "operation",
  severity: "error",
  title: "Every request has a method and a path that the contract has",
  source: "uri",
  request({ method, path, httpFault }) {
    if (httpFault !== undefined) return undefined;
    const expected = `GET ${pathTemplate}`;
    if (method !== "GET") return [{ message: `The contract has no method ${method}`, expected, actual: method }];
    if (pathForm.test(path)) return fine;
    const hasExtraSlash = pathForm.test(path.replace(/\/+/g, "/").replace(/\/$/, ""));
    const hint = hasExtraSlash ? ": it has a slash too many" : "";
    return [{ message: `The contract has no such path${hint}`, expected, actual: path }];
  },
};
