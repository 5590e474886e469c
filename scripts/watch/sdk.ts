// Reads the call in Huawei Cloud's Python SDK, from its source: nothing of the SDK is run. The SDK has names, types and places;
// the values of an enumeration stand only in its texts, which are Chinese.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { served } from "../document.ts";
import { type Python, readPython } from "./python.ts";
import { answer, type Fields, inside, type Said, SourceError, type Statement } from "./statement.ts";

/** The package on PyPI, and the folder that it has. */
export const sdkPackage = "huaweicloudsdkdcs";

const speaks: Statement["speaks"] = {
  call: ["method", "path"],
  parameter: ["in", "required", "type", "items", "values"],
  field: ["required", "type", "items", "values"],
};

/**
 * @param folder an unpacked wheel
 * @throws {SourceError} if it has not this call, or in a form that this does not know
 */
export async function readSdk(folder: string): Promise<Statement> {
  const { version, code } = await findCall(folder);
  const call = await readCall(version);
  if (!call) throw new SourceError(`${version} has no ${snake(served)}. ${mend}`);
  const said = call.pairs;
  const path = said.get("resource_path");
  const answers = said.get("response_type");
  if (path === undefined || answers === undefined)
    throw new SourceError(`${version} has ${snake(served)} in a form that this does not know. ${mend}`);

  const fields = await readModel(`${pascal(served)}Request`);
  const parameters = new Map<string, Said>(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, { in: "path", required: true, type: "string" }]),
  );
  for (const [name, { said }] of fields) {
    const [, place] = /^(\w+)_params$/.exec(call.keyed.get(name) ?? "") ?? [];
    parameters.set(name, { in: place ?? (name === "body" ? "body" : undefined), ...said });
  }
  const objects = new Map<string, Fields>();
  await addObject(answer, answers);
  return {
    name: [sdkPackage, code].filter(Boolean).join(" "),
    speaks,
    call: { method: said.get("method"), path },
    parameters,
    statuses: new Map(),
    objects,
  };

  async function addObject(place: string, model: string): Promise<void> {
    if (place.split("/").length > 5) return; // an object may be inside itself
    const fields = await readModel(model);
    for (const [name, { model: inner }] of fields) if (inner) await addObject(inside(place, name), inner);
    objects.set(place, { name: model, fields: new Map([...fields].map(([name, { said }]) => [name, said])) });
  }

  async function readModel(model: string): Promise<Map<string, Field>> {
    const file = join(version, "model", `${snake(model)}.py`);
    const source = await readFile(file, "utf8").catch(() => undefined);
    const python = source === undefined ? undefined : readPython(source).find("ClassDefinition", whole(model));
    if (!python) throw new SourceError(`${file} has no class ${model}. ${mend}`);
    return fieldsOf(python);
  }
}

const mend = `Choose another version with --sdk, or adapt scripts/watch/sdk.ts to its form.`;

/** The newest version of the API that has the call: its folder; and the version of the SDK, if the folder tells it. */
async function findCall(folder: string): Promise<{ version: string; code: string | undefined }> {
  const names: string[] = await readdir(folder).catch(() => []);
  const [, code] = names.map((name) => /^huaweicloudsdkdcs-(.+)\.dist-info$/.exec(name)).find(Boolean) ?? [];
  const root = names.includes(sdkPackage) ? join(folder, sdkPackage) : folder;
  const versions = (await readdir(root).catch(() => [])).filter((name) => /^v\d+$/.test(name)).sort();
  for (const version of versions.toReversed()) {
    if (await readCall(join(root, version))) return { version: join(root, version), code };
  }
  throw new SourceError(`${folder} has no ${sdkPackage} with ${snake(served)}. ${mend}`);
}

/** The function that makes the request. */
async function readCall(version: string): Promise<Python | undefined> {
  const source = await readFile(join(version, "dcs_client.py"), "utf8").catch(() => "");
  return readPython(source).find("FunctionDefinition", new RegExp(`^_${snake(served)}_(with_)?http_info$`));
}

interface Field {
  said: Said;
  /** The class of an object, or of the elements of a list. */
  model?: string;
}

function fieldsOf(python: Python): Map<string, Field> {
  const [types, names] = ["openapi_types", "attribute_map"].map((name) => python.assigned.get(name));
  if (typeof types !== "object" || typeof names !== "object") throw new SourceError(`A model has no types. ${mend}`);
  const made = python.find("FunctionDefinition", whole("__init__"));
  return new Map(
    [...names].map(([attribute, name]): [string, Field] => {
      const written = String(types.get(attribute));
      const [, element] = /^list\[(.+)\]$/.exec(written) ?? [];
      const said = {
        required: made?.attributes.get(attribute) === attribute, // an optional one is set below an `if`
        type: element === undefined ? typeOf(written) : "array",
        items: element === undefined ? undefined : typeOf(element),
        values: valuesOf(python, attribute, textOf(made?.docs ?? "", attribute)),
      };
      const model = element ?? written;
      return [name, /^[A-Z]\w*$/.test(model) ? { said, model } : { said }];
    }),
  );
}

const types: Record<string, string> = {
  str: "string",
  datetime: "string",
  date: "string",
  int: "integer",
  float: "number",
  bool: "boolean",
};

const typeOf = (written: string) => types[written] ?? "object";

/** What the text of `__init__` says of an attribute. */
function textOf(docs: string, attribute: string): string {
  const [, text = ""] = new RegExp(`:param ${attribute}:([\\s\\S]*?):type ${attribute}:`).exec(docs) ?? [];
  return text.replaceAll("&#x60;", "`");
}

/** The values of an enumeration: constants of the class, or else what its text lists. */
function valuesOf({ assigned }: Python, attribute: string, text: string): string[] | undefined {
  const isOwn = (name: string) => name.startsWith(`${attribute.toUpperCase()}_`);
  const constants = [...assigned].flatMap(([name, value]) => (isOwn(name) && typeof value === "string" ? [value] : []));
  const listed = [...text.matchAll(/(?:^|\s)[-*]\s*`?([\w.]+)`?\s*(?:[：:]|\s-\s)/g)].map(([, value = ""]) => value);
  const [, ...either] = /取值为\s*`?(\w+)`?\s*或\s*`?(\w+)`?/.exec(text) ?? [];
  return [constants, listed, either].find(({ length }) => length > 0);
}

const whole = (name: string) => new RegExp(`^${name}$`);
const snake = (name: string) => name.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
const pascal = (name: string) => name.replace(/^./, (letter) => letter.toUpperCase());
