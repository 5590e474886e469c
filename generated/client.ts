// Written by `npm run build` from the files in spec/. Edit those.

import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "./types.ts";

/** URL of the contract's server, each of its variables at the default. */
export const defaultBaseUrl = "https://dcs.sa-brazil-1.myhuaweicloud.com";

/** A client whose paths, parameters and responses are those of the contract, version 0.1.0. */
export function createContractClient(options: ClientOptions = {}): Client<paths> {
  return createFetchClient<paths>({ baseUrl: defaultBaseUrl, ...options });
}
