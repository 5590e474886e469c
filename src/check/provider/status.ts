// What an answer's status means here.

import type { Answer, Exchange } from "../model/exchange.ts";

/** By the gateway or by DCS, for want of credentials or permissions. */
export const isTurnedAway = ({ status }: Answer) => status === 401 || status === 403;

/** Whether a request was accepted: a page came, or nothing since there is none (204, documented or not). */
export const isAccepted = ({ answer }: Exchange) =>
  answer !== undefined && (answer.status === 204 || (answer.documented !== undefined && answer.status < 300));

/** Whether the answer is an error whose body the contract describes. */
export const isContractError = ({ answer }: Exchange) =>
  answer !== undefined && answer.status >= 400 && answer.documented?.schema !== undefined;

/** Whether the contract describes the body of the answer. */
export const hasContractBody = ({ answer }: Exchange) => answer?.documented?.mediaType !== undefined;

/** What came instead of an accepted page, with what it says about the reason. */
export const cameInstead = ({ status, json, text }: Answer): unknown => ({
  status,
  ...((json ?? text) && { body: json ?? text }),
});
