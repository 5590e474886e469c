import { fine } from "../rule.ts";
import { pathForm } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const operation: RequestRule = {
  id: "operation",
  severity: "error",
  title: "Every request has the contract's method and path",
  source: "uri",
  request({ method, path, httpFault }, contract) {
    if (httpFault !== undefined) return undefined;
    const { operation } = contract;
    const form = pathForm(contract);
    const expected = `${operation.method} ${operation.path}`;
    if (method !== operation.method)
      return [{ message: `The contract has no method ${method}`, expected, actual: method }];
    if (form.test(path)) return fine;
    const hasExtraSlash = form.test(path.replace(/\/+/g, "/").replace(/\/$/, ""));
    const hint = hasExtraSlash ? ": it has an extra slash" : "";
    return [{ message: `The contract has no such path${hint}`, expected, actual: path }];
  },
};
