// What of the contract can be seen in requests and answers: parameters, credentials, statuses, media types, fields and values,
// counted from the contract. Each item knows what shows it.

import type { Field, Parameter } from "../../../generated/contract.ts";
import { type Contract, valuesOf } from "../../wire/contract.ts";
import { problemOf } from "../../wire/judge/parameter.ts";
import type { SentRequest } from "../../wire/judge/rule.ts";
import { signatureForm } from "../../wire/judge/signature.ts";
import { isFields } from "../../wire/validate.ts";
import type { CoverageItem } from "../model/coverage.ts";
import type { Answer } from "../model/exchange.ts";

/** What is looked at of a request. */
export type SeenRequest = Pick<SentRequest, "query" | "headers">;

/** What is looked at of an answer. */
export type SeenAnswer = Pick<Answer, "status" | "headers" | "json">;

export interface RequestItem extends CoverageItem {
  in: "request";
  shows: (request: SeenRequest) => boolean;
}

export interface AnswerItem extends CoverageItem {
  in: "answer";
  /** Of the answers that can have it. */
  statuses: readonly number[];
  shows: (answer: SeenAnswer) => boolean;
}

export interface FieldItem extends CoverageItem {
  in: "body";
  /** Of the answers that can have it. */
  statuses: readonly number[];
  schema: string;
  field: string;
  /** @param value of the field, if it is there */
  shows: (value: unknown) => boolean;
}

export type Item = RequestItem | AnswerItem | FieldItem;

/** In the order of the contract. */
export const itemsOf = (contract: Contract): Item[] => [
  ...contract.queryParameters.flatMap((name) => parameterItems(contract.parameters.get(name) as Parameter)),
  ...securityItems(contract),
  ...answerItems(contract),
  ...[...statusesBySchema(contract)].flatMap(([schema, statuses]) => schemaItems(contract, schema, [...statuses])),
];

const measures = {
  minimum: Number,
  maximum: Number,
  minLength: (text: string) => text.length,
  maxLength: (text: string) => text.length,
};

function parameterItems(parameter: Parameter): RequestItem[] {
  const { name, required, schema } = parameter;
  const item = (state: string, what: string, shows: RequestItem["shows"]): RequestItem => ({
    id: `parameter/${name}/${state}`,
    about: name,
    what,
    in: "request",
    shows,
  });
  /** A value that breaks the contract gives nothing. */
  const given = (isShown: (value: string) => boolean): RequestItem["shows"] => {
    return ({ query }) => {
      const [value, ...others] = query.getAll(name);
      const isOne = value !== undefined && others.length === 0;
      return isOne && isShown(value) && problemOf(parameter, value) === undefined;
    };
  };
  const bounds = Object.entries(measures).flatMap(([keyword, measure]) => {
    const bound = schema[keyword as keyof typeof measures];
    if (bound === undefined) return [];
    return [
      item(
        keyword,
        `${bound} (${keyword})`,
        given((value) => measure(value) === bound),
      ),
    ];
  });
  return [
    ...(required ? [] : [item("absent", "absent", ({ query }) => !query.has(name))]),
    item(
      "given",
      "given",
      given(() => true),
    ),
    ...bounds,
    ...(schema.enum ?? []).map((value) =>
      item(
        `value/${value}`,
        value,
        given((sent) => sent === value),
      ),
    ),
  ];
}

const securityItems = ({ security }: Contract): RequestItem[] =>
  Object.entries(security).map(([scheme, { name }]) => {
    const header = name.toLowerCase();
    return {
      id: `security/${scheme}`,
      about: "credentials",
      what: scheme,
      in: "request",
      shows: ({ headers }) => isCredential(header, String(headers[header] ?? "")),
    };
  });

/** A gateway may have its own use for Authorization. */
const isCredential = (header: string, value: string) =>
  header === "authorization" ? signatureForm.test(value) : value !== "";

const answerItems = ({ responses }: Contract): AnswerItem[] =>
  [...responses.values()].flatMap(({ status, mediaType }) => {
    const [isIn, statuses] = ["answer", [status]] as const;
    const own: AnswerItem = {
      id: `status/${status}`,
      about: "HTTP status",
      what: String(status),
      in: isIn,
      statuses,
      shows: (answer) => answer.status === status,
    };
    if (mediaType === undefined) return [own];
    const ofBody: AnswerItem = {
      id: `media-type/${status}/${mediaType}`,
      about: `HTTP ${status}`,
      what: mediaType,
      in: isIn,
      statuses,
      shows: (answer) => answer.status === status && mediaTypeOf(answer) === mediaType,
    };
    return [own, ofBody];
  });

const mediaTypeOf = ({ headers }: SeenAnswer) => headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();

/** The schemas of bodies and of what is in them, each with the statuses of its answers. */
function statusesBySchema({ responses, fieldsOf }: Contract): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const add = (schema: string, status: number) => {
    const statuses = found.get(schema) ?? new Set();
    if (statuses.has(status)) return;
    found.set(schema, statuses.add(status));
    for (const { items } of Object.values(fieldsOf(schema))) if (items !== undefined) add(items, status);
  };
  for (const { status, schema } of responses.values()) if (schema !== undefined) add(schema, status);
  return found;
}

function schemaItems(contract: Contract, schema: string, statuses: readonly number[]): FieldItem[] {
  const name = nameOf(contract, schema);
  const fields = Object.entries(contract.fieldsOf(schema));
  const base = { in: "body", schema, statuses } as const;
  const states = fields.flatMap(([field, form]) =>
    statesOf(form).map(([state, shows]): FieldItem => {
      const id = ["field", schema, field, state].filter(Boolean).join("/");
      return { id, about: name, what: state ? `${field} (${state})` : field, ...base, field, shows };
    }),
  );
  const values = fields.flatMap(([field, form]) =>
    (valuesOf(form) ?? []).map((value): FieldItem => {
      const id = `value/${schema}/${field}/${value}`;
      return { id, about: `${name}.${field}`, what: value, ...base, field, shows: (found) => found === value };
    }),
  );
  return [...states, ...values];
}

function nameOf({ page }: Contract, schema: string): string {
  if (schema === page.record) return "record";
  return schema === page.schema ? "page" : "error";
}

/** The states of a field, the first with a value. A list may be empty as well. */
function statesOf({ type, nullable }: Field): [state: string, shows: FieldItem["shows"]][] {
  const states: ReturnType<typeof statesOf> = [["", (value) => isValue(type, value)]];
  if (type === "array") states.push(["empty", (value) => Array.isArray(value) && value.length === 0]);
  if (nullable) states.push(["null", (value) => value === null]);
  return states;
}

/** A value of another type shows nothing of the contract. */
function isValue(type: string | undefined, value: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value) && value.length > 0;
  if (type === "object") return isFields(value);
  return type === undefined ? value !== undefined && value !== null : typeof value === type;
}
