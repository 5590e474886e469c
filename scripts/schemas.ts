// The contract's schemas as validators: OpenAPI 3.0 and 3.1, formats asserted.

import Ajv, { type ErrorObject, type Options } from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { OpenApiDocument } from "./document.ts";
import { formatPointer, type Path } from "./pointer.ts";

/** The errors of `value` against the schema at `path` of the document; none if it conforms. */
export type Validate = (path: Path, value: unknown) => ErrorObject[];

export function compileSchemas(document: OpenApiDocument): Validate {
  const ajv = createAjv(document);
  return (path, value) => {
    const pointer = formatPointer(path);
    const validate = ajv.getSchema(`contract#${encodeURI(pointer)}`);
    if (!validate) throw new Error(`The contract has no schema at ${pointer}`);
    return validate(value) ? [] : (validate.errors ?? []);
  };
}

/** An Ajv that knows the document as `contract`. */
export function createAjv(document: OpenApiDocument, more: Options = {}): Ajv.default {
  const options: Options = {
    allErrors: true,
    strict: true,
    strictSchema: false, // the document is added only to look up schemas in it: it is not a schema
    allowUnionTypes: true,
    logger: { log() {}, warn: refuse, error: refuse }, // it warns of unknown formats
    ...more,
  };
  const ajv = document.openapi.startsWith("3.0") ? new Ajv.default(options) : new Ajv2020.default(options);
  addFormats.default(ajv);
  return ajv.addSchema(document, "contract");
}

function refuse(message: string): never {
  throw new Error(message);
}
