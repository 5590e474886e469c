// What the vendor publishes for machines, written in the form of each source: it says what the newest revision says, except for
// what spec/watch.yaml knows otherwise. A test plants a difference in it.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readDescription } from "../../scripts/watch/description.ts";
import { answer, type Fields, inside, type Said, type Source, type Statement } from "../../scripts/watch/statement.ts";
import type { Watched } from "../../scripts/watch.ts";

/** The newest revision, as a source says it. */
export function saidBy(source: Source, { newest, known }: Watched): Statement {
  const ours = readDescription(newest.bundle);
  const own = known.filter((entry) => entry.source === source);
  const named = (part: string, said: Said): Said => {
    const says = own.filter(({ parts }) => parts.includes(part)).map((entry) => Object.entries(entry.says));
    return {
      ...said,
      ...Object.fromEntries(says.flat().map(([key, value]) => [key, value === "none" ? undefined : value])),
    };
  };
  const all = (kind: string, parts: ReadonlyMap<string, Said>) =>
    new Map([...parts].map(([name, said]) => [name, named(`${kind}${name}`, said)]));
  return {
    ...ours,
    parameters: all("parameter ", ours.parameters),
    statuses: all("status ", ours.statuses),
    objects: new Map(
      [...ours.objects].map(([place, { name, fields }]) => [place, { name, fields: all(`field ${name}.`, fields) }]),
    ),
  };
}

// Swagger 2.0 and OpenAPI 3.0, as the API Explorer and Huawei Cloud's MCP server have them

export type Description = "2.0" | "3.0";

/** With the vendor's own names of schemas, and what it has besides: a `format` that is none, texts. */
export function descriptionOf({ call, parameters, statuses, objects }: Statement, version: Description): object {
  const refTo = (name: string) => ({
    $ref: version === "2.0" ? `#/definitions/${name}` : `#/components/schemas/${name}`,
  });
  const schemaOf = ({ values, items, in: _, required, body, nullable, ...said }: Said, element?: string) => ({
    description: "一段文字。",
    ...said,
    format: said.format ?? (said.type === "string" ? "string" : undefined),
    enum: values,
    [version === "2.0" ? "x-nullable" : "nullable"]: nullable || undefined,
    items: items && (element ? { type: "object", ...refTo(element) } : { type: items }),
  });
  const pages: Record<string, Fields | undefined> = {
    QueryBackupResp: objects.get(answer),
    BackupRecordResponse: objects.get(inside(answer, "backup_record_response")),
    ErrorResponse: objects.get("400"),
  };
  const schemas = Object.fromEntries(
    Object.entries(pages).map(([name, object]) => [
      name,
      {
        type: "object",
        properties: Object.fromEntries(
          [...(object?.fields ?? [])].map(([field, said]) => [
            field,
            schemaOf(said, said.items === "object" ? "BackupRecordResponse" : undefined),
          ]),
        ),
      },
    ]),
  );
  const bodyOf = (status: string, { body }: Said) => {
    if (body === undefined) return {};
    const schema = refTo(status.startsWith("2") ? "QueryBackupResp" : "ErrorResponse");
    return version === "2.0" ? { schema } : { content: { "application/json": { schema } } };
  };
  const operation = {
    operationId: "ListBackupRecords",
    parameters: [...parameters].map(([name, said]) => ({
      name,
      in: said.in,
      required: said.required || undefined,
      ...(version === "2.0" ? schemaOf(said) : { schema: schemaOf(said) }),
    })),
    responses: Object.fromEntries(
      [...statuses].map(([status, said]) => [status, { description: "一段文字。", ...bodyOf(status, said) }]),
    ),
  };
  const path = { [String(call.method).toLowerCase()]: operation };
  const info = { title: "DCS", version: "2026-11-01" };
  const other = { "/v2/{project_id}/instances": { get: { operationId: "ListInstances", responses: {} } } };
  const document =
    version === "2.0"
      ? {
          swagger: "2.0",
          info,
          basePath: "/v2",
          paths: { ...other, [String(call.path).replace("/v2", "")]: path },
          definitions: schemas,
        }
      : { openapi: "3.0.0", info, paths: { ...other, [String(call.path)]: path }, components: { schemas } };
  return JSON.parse(JSON.stringify(document)); // without what is undefined
}

// The Python SDK

const models = {
  ListBackupRecordsResponse: answer,
  BackupRecordResponse: inside(answer, "backup_record_response"),
};

export type Sdk = Readonly<Record<string, string>>;

/** The files of an unpacked wheel, as many as have the call. */
export function sdkOf({ call, parameters, objects }: Statement): Sdk {
  const asked = [...parameters].filter(([name]) => name !== "project_id"); // which is of the credentials
  const model = "huaweicloudsdkdcs/v2/model/";
  return {
    "huaweicloudsdkdcs-3.9.9.dist-info/METADATA": "Metadata-Version: 2.5\nName: huaweicloudsdkdcs\nVersion: 3.9.9\n",
    "huaweicloudsdkdcs/v2/dcs_client.py": clientOf(call, asked),
    [`${model}list_backup_records_request.py`]: modelOf("ListBackupRecordsRequest", asked),
    ...Object.fromEntries(
      Object.entries(models).map(([name, place]) => [
        `${model}${snake(name)}.py`,
        modelOf(name, [...(objects.get(place)?.fields ?? [])]),
      ]),
    ),
  };
}

export async function writeSdk(sdk: Sdk, folder: string): Promise<void> {
  for (const [name, text] of Object.entries(sdk)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const snake = (name: string) => name.replaceAll(/(?<!^)[A-Z]/g, "_$&").toLowerCase();

type Named = [name: string, said: Said][];

function clientOf({ method, path }: Said, asked: Named): string {
  const takes = asked.map(([name, said]) => {
    const value = `local_var_params['${name}']`;
    const take =
      said.in === "query" ? `query_params.append(('${name}', ${value}))` : `${said.in}_params['${name}'] = ${value}`;
    return `        if '${name}' in local_var_params:\n            ${take}\n`;
  });
  return `# coding: utf-8

class DcsClient(Client):
    def list_backup_records(self, request):
        r"""查询实例备份信息

        :param request: Request instance for ListBackupRecords
        """
        return self._call_api(**self._list_backup_records_http_info(request))

    @classmethod
    def _list_backup_records_http_info(cls, request):
        http_info = {
            "method": "${method}",
            "resource_path": "${path}",
            "request_type": request.__class__.__name__,
            "response_type": "ListBackupRecordsResponse"
            }

        local_var_params = {attr: getattr(request, attr) for attr in request.attribute_map if hasattr(request, attr)}

        path_params = {}
        query_params = []
${takes.join("")}
        header_params['Content-Type'] = http_utils.select_header_content_type(['application/json'])

        return http_info

    @classmethod
    def _list_instances_http_info(cls, request):
        return {"method": "GET", "resource_path": "/v2/{project_id}/instances", "response_type": "ListInstancesResponse"}
`;
}

function modelOf(model: string, fields: Named): string {
  const names = fields.map(([name]) => name);
  const dictionary = (values: string[]) =>
    names.map((name, index) => `        '${name}': '${values[index]}'`).join(",\n");
  return `# coding: utf-8

class ${model}:

    """
    Attributes:
      openapi_types (dict): The key is attribute name
    """
    sensitive_list = []

    openapi_types = {
${dictionary(fields.map(([, said]) => typeOf(said)))}
    }

    attribute_map = {
${dictionary(names)}
    }

    def __init__(self, ${names.map((name) => `${name}=None`).join(", ")}):
        r"""${model}

${fields.map(([name, said]) => `        :param ${name}: ${textOf(said)}\n        :type ${name}: ${typeOf(said)}\n`).join("")}        """
${names.map((name) => `        self._${name} = None\n`).join("")}
${fields.map(([name, { required }]) => `${required ? "        " : `        if ${name} is not None:\n            `}self.${name} = ${name}\n`).join("")}
    @property
    def ${names[0]}(self):
        """Gets it. - other：其他。"""
        return self._${names[0]}
`;
}

const types: Record<string, string> = { string: "str", integer: "int", array: "list[BackupRecordResponse]" };

const typeOf = ({ type }: Said) => types[String(type)] ?? "object";

/** The ways in which the SDK lists values: bullets, bullets with code, or a choice of two. */
function textOf({ values }: Said): string {
  if (!Array.isArray(values)) return "一段文字。";
  if (values.includes("TRUE")) return `是否可以，取值为${values.join("或")}。`;
  const isCode = values.some((value) => value.includes("."));
  return `一段文字。 ${values.map((value) => (isCode ? `* &#x60;${value}&#x60; - 文字。` : `- ${value}：文字。`)).join(" ")} `;
}
