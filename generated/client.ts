// Written by `npm run build` from the files in spec/. Edit those.

import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "./types.ts";

/** URL of the contract's server, each of its variables at the default. */
export const defaultBaseUrl = "https://dcs.sa-brazil-1.myhuaweicloud.com";

/** What the contract's parameters look like, those that have a pattern, by the names of their components. */
export const patterns = {
  "BeginTime": /^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$/,
  "EndTime": /^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$/,
};

/** A client whose paths, parameters and responses are those of the contract, version 0.1.0. */
export function createContractClient(options: ClientOptions = {}): Client<paths> {
  return createFetchClient<paths>({ baseUrl: defaultBaseUrl, ...options });
}
