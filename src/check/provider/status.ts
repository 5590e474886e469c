// What an answer's status means here.

import type { Answer, Exchange } from "../model/exchange.ts";
import type { Source } from "../model/rule.ts";

/** By the gateway or by DCS, for want of credentials or permissions. */
export const isTurnedAway = ({ status }: Answer) => status === 401 || status === 403;

/** Whether a request was accepted: a page came, or nothing since there is none. */
export const isAccepted = ({ answer }: Exchange) => answer?.status === 200 || answer?.status === 204;

/** Whether the answer is an error whose body the contract describes. */
export const isContractError = ({ answer }: Exchange) => answer?.status === 400 || answer?.status === 500;

/** Whether the contract describes the body of the answer. */
export const hasContractBody = (exchange: Exchange) => exchange.answer?.status === 200 || isContractError(exchange);

/** Where the contract describes that body. */
export const sourceOfBody = ({ answer }: Exchange): Source =>
  answer?.status === 400 ? "status.400.body" : answer?.status === 500 ? "status.500.body" : "status.200.body";

/** What came instead of an accepted page, with what it says about the reason. */
export const cameInstead = ({ status, json, text }: Answer): unknown => ({
  status,
  ...((json ?? text) && { body: json ?? text }),
});
