// Stage: the contract as a typed openapi-fetch client.

import { defaultServer, type OpenApiDocument } from "../document.ts";

export function generateClient(bundle: OpenApiDocument): string {
  return `import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "./types.ts";

/** URL of the contract's server, each of its variables at the default. */
export const defaultBaseUrl = ${JSON.stringify(defaultServer(bundle))};

/** What the contract's parameters look like, those that have a pattern, by the names of their components. */
export const patterns = {
${parameterPatterns(bundle)}
};

/** A client whose paths, parameters and responses are those of the contract, version ${bundle.info.version}. */
export function createContractClient(options: ClientOptions = {}): Client<paths> {
  return createFetchClient<paths>({ baseUrl: defaultBaseUrl, ...options });
}
`;
}

function parameterPatterns({ components: { parameters = {} } }: OpenApiDocument): string {
  return Object.entries(parameters as Record<string, { schema?: { pattern?: string } }>)
    .filter(([, { schema }]) => schema?.pattern !== undefined)
    .map(([name, { schema }]) => `  ${JSON.stringify(name)}: ${new RegExp(schema?.pattern ?? "")},`)
    .join("\n");
}
