// Stage: the contract as a typed openapi-fetch client.

import type { OpenApiDocument } from "./bundle.ts";

export function generateClient(bundle: OpenApiDocument): string {
  return `import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "./types.ts";

/** URL of the contract's server, each of its variables at the default. */
export const defaultBaseUrl = ${JSON.stringify(defaultServer(bundle))};

/** A client whose paths, parameters and responses are those of the contract, version ${bundle.info.version}. */
export function createContractClient(options: ClientOptions = {}): Client<paths> {
  return createFetchClient<paths>({ baseUrl: defaultBaseUrl, ...options });
}
`;
}

function defaultServer({ servers: [server] }: OpenApiDocument): string {
  return (server?.url ?? "").replaceAll(/\{([^}]+)\}/g, (_, name) => server?.variables?.[name]?.default ?? "");
}
