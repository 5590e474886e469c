// Stage: the contract as a Postman collection (v2.1), ready to run after its token is set. openapi-to-postmanv2 is not used:
// it keeps only one example of each response, named by the response's description, and gives everything a random ID.

import { STATUS_CODES } from "node:http";
import {
  below,
  bodyOf,
  defaultServer,
  fieldsOf,
  follow,
  type OpenApiDocument,
  type OperationPart,
  operationsOf,
  type Parameter,
  parametersOf,
  type Response,
  type SecurityScheme,
} from "../document.ts";

/** A collection with a request for each operation, and with every example of its responses. */
export function postmanCollection(document: OpenApiDocument): object {
  const token = follow<SecurityScheme>(document, "/components/securitySchemes/AuthToken").node;
  const calls = operationsOf(document);
  const inPath = calls.flatMap((call) => parametersIn("path", document, call));
  const byName = new Map(inPath.map((parameter) => [parameter.name, parameter])); // operations share them
  const variable = [
    { key: "baseUrl", value: defaultServer(document) },
    ...[...byName.values()].map(field),
    { key: "token", value: "" },
  ];
  const apikey = [
    { key: "key", value: token.name },
    { key: "value", value: "{{token}}" },
    { key: "in", value: token.in },
  ];
  return {
    info: {
      name: document.info.title,
      description: markdown(document.info.description),
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    item: calls.map((call) => item(document, call)),
    auth: { type: "apikey", apikey: apikey.map(asString) },
    variable: variable.map(asString),
  };
}

function item(document: OpenApiDocument, call: OperationPart): object {
  const path = call.path.slice(1).replaceAll(/\{(\w+)\}/g, ":$1");
  const query = parametersIn("query", document, call).map((parameter) => ({
    ...field(parameter),
    disabled: !parameter.required,
  }));
  const variable = parametersIn("path", document, call).map((parameter) => ({
    ...field(parameter),
    value: `{{${parameter.name}}}`,
  }));
  const url = { raw: `{{baseUrl}}/${path}`, host: ["{{baseUrl}}"], path: path.split("/"), query, variable };
  const header = [{ key: "Accept", value: "application/json" }];
  const request = { method: call.method, header, url };
  return {
    name: call.operation.summary,
    request: { ...request, description: markdown(call.operation.description) },
    event: [{ listen: "test", script: { type: "text/javascript", exec: test(document, call) } }],
    response: savedResponses(document, call).map((response) => ({ ...response, originalRequest: request })),
  };
}

/** The test that Postman runs on each response. */
function test(document: OpenApiDocument, { pointer }: OperationPart): string[] {
  const { schema } = bodyOf(document, follow<Response>(document, below(pointer, "responses", "200")));
  const fields = schema ? fieldsOf(document, schema).map(({ name }) => name) : [];
  return [
    'pm.test("The response is a page of records", () => {',
    "  pm.response.to.have.status(200);",
    `  pm.expect(pm.response.json()).to.include.any.keys(${JSON.stringify(fields)});`,
    "});",
  ];
}

function savedResponses(document: OpenApiDocument, { pointer, operation }: OperationPart): object[] {
  return Object.keys(operation.responses).flatMap((status) => {
    const response = follow<Response>(document, below(pointer, "responses", status));
    return bodyOf(document, response).examples.map(({ node }) => ({
      name: node.summary,
      code: Number(status),
      status: STATUS_CODES[status],
      header: Object.keys(response.node.content ?? {}).map((value) => ({ key: "Content-Type", value })),
      body: JSON.stringify(node.value, null, 2),
      _postman_previewlanguage: "json",
    }));
  });
}

const parametersIn = (place: Parameter["in"], document: OpenApiDocument, call: OperationPart) =>
  parametersOf(document, call)
    .map(({ node }) => node)
    .filter((parameter) => parameter.in === place);

const field = ({ name, example, description }: Parameter) => ({
  key: name,
  value: String(example ?? ""),
  description: markdown(description),
});

const markdown = (content = "") => ({ content, type: "text/markdown" });

const asString = <T extends object>(entry: T) => ({ ...entry, type: "string" });
