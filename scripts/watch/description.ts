// Reads a description of the call: Swagger 2.0, as Huawei Cloud's API Explorer has it, or OpenAPI 3.0, as the contract itself is.

import { nodeAt, served } from "../document.ts";
import {
  answer,
  everything,
  type Fields,
  inside,
  named,
  ofBounds,
  type Said,
  SourceError,
  type Statement,
} from "./statement.ts";

type Node = Record<string, unknown>;

/** @throws {SourceError} if it is something else, or has not this call */
export function readDescription(document: unknown): Statement {
  const { swagger, openapi, info, paths, basePath = "", components, definitions } = nodeOf(document);
  if (!/^2\.0/.test(String(swagger)) && !/^3\.0/.test(String(openapi)))
    throw new SourceError("This is neither Swagger 2.0 nor OpenAPI 3.0.");
  const calls = Object.entries(nodeOf(paths)).flatMap(([path, item]) =>
    Object.entries(nodeOf(item)).map(([method, node]) => ({ path, method, item: nodeOf(item), node: nodeOf(node) })),
  );
  const call = calls.find(({ node }) => String(node.operationId).toLowerCase() === served.toLowerCase());
  if (!call) throw new SourceError(`This has no operation ${served}.`);

  const parameters = new Map<string, Said>();
  for (const listed of [...listOf(call.item.parameters), ...listOf(call.node.parameters)]) {
    const { name, in: place, required, schema, ...own } = resolve(listed);
    const value = schema === undefined ? own : resolve(schema);
    parameters.set(String(name), { in: place, required: required === true || place === "path", ...schemaSays(value) });
  }

  const objects = new Map<string, Fields>();
  const statuses = new Map<string, Said>();
  for (const [status, listed] of Object.entries(nodeOf(call.node.responses))) {
    const body = bodyOf(resolve(listed));
    statuses.set(status, { body: body && (typeOf(resolve(body)) ?? "any") });
    if (body && status.startsWith("2") && !objects.has(answer)) addObject(answer, body);
    else if (body) addObject(status, body);
  }
  for (const name of Object.keys(nodeOf(definitions ?? nodeOf(components).schemas))) {
    try {
      addObject(named(name), { $ref: refTo(name) });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error; // a schema of another call may refer to nothing
    }
  }

  // Huawei Cloud's MCP server writes the name of the operation where the path is.
  const path = call.path === `/${call.node.operationId}` ? undefined : `${basePath}${call.path}`.replace(/^\/\//, "/");
  const { title, version } = nodeOf(info);
  return {
    name: ["description", title, version].filter(Boolean).join(" "),
    speaks: path === undefined ? { ...everything, call: ["method"] } : everything,
    call: { method: call.method.toUpperCase(), path },
    parameters,
    statuses,
    objects,
  };

  function refTo(schema: string): string {
    return definitions === undefined ? `#/components/schemas/${schema}` : `#/definitions/${schema}`;
  }

  function resolve(node: unknown, hops = 0): Node {
    const { $ref } = nodeOf(node);
    if (typeof $ref !== "string") return nodeOf(node);
    const found = $ref.startsWith("#/") && hops < 20 ? nodeAt(nodeOf(document), $ref.slice(1)) : undefined;
    if (found === undefined) throw new SourceError(`This has nothing at ${$ref}.`);
    return resolve(found, hops + 1);
  }

  /** The fields of an object, or of the elements of an array, and those of the objects inside. */
  function addObject(place: string, schema: unknown): void {
    const { properties, required } = resolve(elementOf(schema));
    if (properties === undefined || place.split("/").length > 5) return; // an object may be inside itself
    const fields = Object.entries(nodeOf(properties)).map(([name, field]): [string, Said] => {
      if (!place.startsWith(named(""))) addObject(inside(place, name), field);
      return [name, { required: listOf(required).includes(name), ...schemaSays(resolve(field)) }];
    });
    objects.set(place, { name: nameOf(elementOf(schema)), fields: new Map(fields) });
  }

  function elementOf(schema: unknown, hops = 0): unknown {
    const { items } = resolve(schema);
    return items === undefined || hops > 20 ? schema : elementOf(items, hops + 1);
  }

  function nameOf(schema: unknown): string {
    const { $ref } = nodeOf(schema);
    return typeof $ref === "string" ? ($ref.split("/").at(-1) ?? "") : "";
  }

  function schemaSays(schema: Node): Said {
    const { format, pattern, enum: closed, "x-extensible-enum": open, nullable, "x-nullable": marked } = schema;
    const type = typeOf(schema);
    const values = closed ?? open;
    return {
      type,
      items: schema.items === undefined ? undefined : typeOf(resolve(schema.items)),
      format: format === type ? undefined : format, // the vendor's `format: string` says nothing
      pattern,
      values: Array.isArray(values) ? values.map(String) : undefined,
      default: schema.default,
      nullable: nullable === true || marked === true,
      ...Object.fromEntries(ofBounds.map((bound) => [bound, schema[bound]])),
    };
  }
}

const typeOf = ({ type, properties }: Node): unknown => type ?? (properties === undefined ? undefined : "object");

const nodeOf = (value: unknown): Node =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : {};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The schema of a response's body. */
function bodyOf({ schema, content }: Node): unknown {
  if (schema !== undefined) return schema;
  const [media] = Object.values(nodeOf(content));
  return media === undefined ? undefined : (nodeOf(media).schema ?? {});
}
