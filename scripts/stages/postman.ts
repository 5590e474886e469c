// Stage: the call as a Postman collection (v2.1) that runs as it is imported, once the token is set. openapi-to-postmanv2
// keeps one example of each response, under the response's description, and gives everything a random ID.

import { STATUS_CODES } from "node:http";
import type { OpenApiDocument } from "./bundle.ts";
import { defaultServer } from "./client.ts";

interface Operation {
  summary: string;
  description: string;
  parameters: Reference[];
  responses: Record<string, Reference>;
}

interface Reference {
  $ref: string;
}

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description: string;
  example: unknown;
}

interface Response {
  content: Record<string, { examples: Record<string, Reference> }>;
}

const markdown = (content: string) => ({ content, type: "text/markdown" });

/** A collection with one request for each path, and each of the contract's examples as a response that is saved with it. */
export function postmanCollection(bundle: OpenApiDocument): object {
  const { title, description } = bundle.info as { title: string; description?: string };
  const { AuthToken } = bundle.components.securitySchemes as { AuthToken: { name: string } };
  const operations = Object.entries(bundle.paths as Record<string, { get: Operation }>);
  const inPath = operations.flatMap(
    ([
      ,
      {
        get: { parameters },
      },
    ]) => parametersIn("path", bundle, parameters),
  );
  const variables = [
    { key: "baseUrl", value: defaultServer(bundle) },
    ...inPath.map(({ name, example, description }) => ({
      key: name,
      value: String(example),
      description: markdown(description),
    })),
    { key: "token", value: "" },
  ];
  const apikey = [
    { key: "key", value: AuthToken.name },
    { key: "value", value: "{{token}}" },
    { key: "in", value: "header" },
  ].map((entry) => ({ ...entry, type: "string" }));
  return {
    info: {
      name: title,
      description: markdown(description ?? ""),
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    item: operations.map(([path, { get }]) => item(bundle, path, get)),
    auth: { type: "apikey", apikey },
    variable: variables.map((variable) => ({ ...variable, type: "string" })),
  };
}

function item(
  bundle: OpenApiDocument,
  path: string,
  { summary, description, parameters, responses }: Operation,
): object {
  const segments = path.slice(1).replaceAll(/\{(\w+)\}/g, ":$1");
  const query = parametersIn("query", bundle, parameters).map(({ name, example, description, required }) => ({
    key: name,
    value: String(example),
    description: markdown(description),
    disabled: !required,
  }));
  const url = {
    raw: `{{baseUrl}}/${segments}`,
    host: ["{{baseUrl}}"],
    path: segments.split("/"),
    query,
    variable: parametersIn("path", bundle, parameters).map(({ name, description }) => ({
      key: name,
      value: `{{${name}}}`,
      description: markdown(description),
    })),
  };
  const request = { method: "GET", header: [{ key: "Accept", value: "application/json" }], url };
  return {
    name: summary,
    request: { ...request, description: markdown(description) },
    event: [{ listen: "test", script: { type: "text/javascript", exec: test } }],
    response: Object.entries(responses).flatMap(([status, reference]) =>
      Object.entries(dereference<Response>(bundle, reference).content).flatMap(([type, { examples }]) =>
        Object.values(examples).map((example) => {
          const { summary, value } = dereference<{ summary: string; value: unknown }>(bundle, example);
          return {
            name: summary,
            originalRequest: request,
            code: Number(status),
            status: STATUS_CODES[status],
            header: [{ key: "Content-Type", value: type }],
            body: JSON.stringify(value, null, 2),
            _postman_previewlanguage: "json",
          };
        }),
      ),
    ),
  };
}

/** What Postman runs on each answer. */
const test = [
  'pm.test("The answer is a page of backup records", () => {',
  "  pm.response.to.have.status(200);",
  "  pm.response.to.be.json;",
  '  pm.expect(pm.response.json().backup_record_response).to.be.an("array");',
  "});",
];

const parametersIn = (place: string, bundle: OpenApiDocument, references: Reference[]) =>
  references
    .map((reference) => dereference<Parameter>(bundle, reference))
    .filter((parameter) => parameter.in === place);

function dereference<T>({ components }: OpenApiDocument, { $ref }: Reference): T {
  const [kind = "", name = ""] = $ref.split("/").slice(2);
  return components[kind]?.[name] as T;
}
