// What the status code of a response means to the rules.

import type { Answer, Exchange } from "../model/exchange.ts";

/** Rejected by the gateway or by DCS: credentials or permissions are missing. */
export const isTurnedAway = ({ status }: Answer) => status === 401 || status === 403;

/** Whether a request was accepted: a page came, or a 204 (documented or not), as there is nothing to list. */
export const isAccepted = ({ answer }: Exchange) =>
  answer !== undefined && (answer.status === 204 || (answer.documented !== undefined && answer.status < 300));

/** Whether the response is an error whose body the contract describes. */
export const isContractError = ({ answer }: Exchange) =>
  answer !== undefined && answer.status >= 400 && answer.documented?.schema !== undefined;

/** Whether the contract describes the body of the response. */
export const hasContractBody = ({ answer }: Exchange) => answer?.documented?.mediaType !== undefined;

/** What came instead of a page: the status code, and the body, which may say why. */
export const cameInstead = ({ status, json, text }: Answer): unknown => ({
  status,
  ...((json ?? text) && { body: json ?? text }),
});
