// What a source says of the call: the form in which the contract and what the vendor publishes are compared.

/** The sources besides the contract, by their names in spec/watch.yaml. */
export const sources = ["sdk", "description"] as const;
export type Source = (typeof sources)[number];

export const kinds = ["call", "parameter", "status", "field"] as const;
export type Kind = (typeof kinds)[number];

/** What is said of one part, by keyword; nothing of a keyword is undefined. */
export type Said = Readonly<Record<string, unknown>>;

export interface Statement {
  /** What it is and which version, such as `huaweicloudsdkdcs 3.1.219`. */
  name: string;
  /** The keywords that a source of this kind can say; a kind of part that it never has is not in it. */
  speaks: Readonly<Partial<Record<Kind, readonly string[]>>>;
  call: Said;
  parameters: ReadonlyMap<string, Said>;
  statuses: ReadonlyMap<string, Said>;
  /** By where they are found (`answer`, `inside`, `named`): first those that a response leads to, which are compared first. */
  objects: ReadonlyMap<string, Fields>;
}

/** An object of an answer. */
export interface Fields {
  /** The name of its schema. */
  name: string;
  fields: ReadonlyMap<string, Said>;
}

/** Of the object that is the body of the answer with the page. */
export const answer = "answer";

/** Of an object, or of the elements of an array, in the field of another. */
export const inside = (place: string, field: string) => `${place}/${field}`;

/** Of an object by the name of its schema, for one that no response leads to. */
export const named = (schema: string) => `#${schema}`;

export const ofValues = ["type", "items", "format", "pattern", "values", "default", "nullable"];
export const ofBounds = ["minimum", "maximum", "minLength", "maxLength"];

/** What an OpenAPI document can say. */
export const everything: Statement["speaks"] = {
  call: ["method", "path"],
  parameter: ["in", "required", ...ofValues, ...ofBounds],
  status: ["body"],
  field: ["required", ...ofValues, ...ofBounds],
};

/** A source cannot be read, or has nothing of the call. */
export class SourceError extends Error {
  override name = "SourceError";
}
