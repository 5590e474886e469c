// What the mock answers when it is not the service that answers: a refusal, or what it is.

import type { Contract } from "../wire/contract.ts";
import type { Fault } from "../wire/rule.ts";
import { jsonReply, type Reply } from "./service.ts";

/** As the gateway in front of the service words it: its codes are longer than the contract's, and it names the request. */
export const gatewayError = (status: number, error_code: string, error_msg: string, number: number): Reply => {
  const request_id = `mock-request-${number}`;
  return jsonReply(status, { error_code, error_msg, request_id }, { "x-request-id": request_id });
};

/** @param why says more, after a colon */
export const unauthenticated = (number: number, why?: string): Reply =>
  gatewayError(401, "APIGW.0301", `Incorrect IAM authentication information${why ? `: ${why}` : ""}`, number);

/** Names the parameter, its value and the right form, in the contract's form of an error. */
export function invalid({ message, expected, actual }: Fault, contract: Contract): Reply {
  const shown = actual === undefined ? "" : `, not ${JSON.stringify(actual)}`;
  const told = `${message}${shown}${expected ? `. It takes ${expected}` : ""}.`;
  const { maxLength } = contract.fieldsOf("ErrorResponse").error_msg ?? {};
  const error_msg = told.slice(0, maxLength);
  return jsonReply(400, { error_code: codeOf(400, contract), error_msg, error_ext_msg: null });
}

/** The error code of the contract's example. */
function codeOf(status: number, { responses, document }: Contract): unknown {
  const [name = ""] = responses.get(status)?.examples ?? [];
  const example = document().components.examples[name]?.value as { error_code?: unknown } | undefined;
  return example?.error_code;
}

/** A problem (RFC 9457) that no service has: what the mock is asked for it cannot do. */
export const problem = (status: number, title: string, detail: string): Reply =>
  jsonReply(status, { title, status, detail }, { "content-type": "application/problem+json" });

/** For whoever looks whether it is there. */
export const welcome = (method: string, { operation, revision }: Contract): Reply => ({
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8" },
  ...(method === "GET" && { body: `Mock of ${operation.method} ${operation.path}, revision ${revision}\n` }),
});
