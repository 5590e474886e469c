// Stage: the call as a program to paste, in each programming language of the docs. Snippet libraries (httpsnippet, snippetz)
// write the token into the code, ignore the status code and drop errors; these programs do not. They have no comments and
// no messages, so that they fit into the docs of every language.

import { callOf, defaultServer, type OpenApiDocument, type OperationPart, parametersOf } from "../document.ts";

export interface Sample {
  id: "curl" | "typescript" | "python" | "go" | "java";
  /** Its name for readers. */
  label: string;
  /** Its name for the highlighter. */
  language: "bash" | "typescript" | "python" | "go" | "java";
  code: string;
}

/** The samples read the token from this environment variable. */
export const tokenVariable = "DCS_AUTH_TOKEN";
/** The pagination parameters. A time window would leave out records that the reader expects. */
const asked = ["limit", "offset"];
/** The fields of a record that the samples print. */
const shown = ["backup_name", "status", "size"] as const;

/** What the samples need from the contract. */
interface Call {
  endpoint: string;
  projectId: string;
  instanceId: string;
  /** Path and query. */
  target: string;
  /** Header of the token. */
  header: string;
  /** Field of the response with the records. */
  records: string;
}

/**
 * None for a contract of other calls.
 * @throws {Error} if the contract lacks something that the samples need, or has a call that they would leave out
 */
export function samples(bundle: OpenApiDocument): Sample[] {
  const operation = callOf(bundle);
  if (!operation) return [];
  const call = readCall(bundle, operation);
  return [
    { id: "curl", label: "curl", language: "bash", code: curl(call) },
    { id: "typescript", label: "TypeScript", language: "typescript", code: typescript(call) },
    { id: "python", label: "Python", language: "python", code: python(call) },
    { id: "go", label: "Go", language: "go", code: go(call) },
    { id: "java", label: "Java", language: "java", code: java(call) },
  ];
}

function readCall(bundle: OpenApiDocument, operation: OperationPart): Call {
  const { schemas, securitySchemes } = bundle.components;
  const parameters = parametersOf(bundle, operation).map(({ node }) => node);
  const example = (place: string, name: string) =>
    encodeURIComponent(
      String(need(name, parameters.find((parameter) => parameter.in === place && parameter.name === name)?.example)),
    );
  const page = need("ListBackupRecordsResponse", schemas?.ListBackupRecordsResponse) as Schema;
  const record = need("BackupRecordResponse", schemas?.BackupRecordResponse) as Schema;
  for (const name of shown) need(name, record.properties[name]);
  return {
    endpoint: defaultServer(bundle),
    projectId: example("path", "project_id"),
    instanceId: example("path", "instance_id"),
    target: `${operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => example("path", name))}?${asked
      .map((name) => `${name}=${example("query", name)}`)
      .join("&")}`,
    header: (need("AuthToken", securitySchemes?.AuthToken) as { name: string }).name,
    records: need(
      "list",
      Object.entries(page.properties).find(([, { type }]) => type === "array"),
    )[0],
  };
}

interface Schema {
  properties: Record<string, { type?: string }>;
}

function need<T>(what: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`The contract has no ${what}, which the samples need.`);
  return value;
}

const curl = ({ endpoint, target, header }: Call) => `\
curl --fail-with-body --silent --show-error --max-time 30 \\
  --location --max-redirs 0 \\
  --header "${header}: \${${tokenVariable}:?}" \\
  '${endpoint}${target}'
`;

const typescript = ({ endpoint, projectId, instanceId }: Call) => `\
import { createDcsClient } from "dcs-backup-records";

const dcs = createDcsClient({
  endpoint: "${endpoint}",
  projectId: "${projectId}",
  credentials: { token: process.env.${tokenVariable} ?? "" },
});

for await (const { ${shown.join(", ")} } of dcs.backupRecords("${instanceId}")) {
  console.log(${shown.join(", ")});
}
`;

const python = ({ endpoint, target, header, records }: Call) => `\
import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


request = Request(
    "${endpoint}"
    "${target.replace("?", '"\n    "?')}",
    headers={"${header}": os.environ["${tokenVariable}"]},
)
try:
    with build_opener(NoRedirect).open(request, timeout=30) as response:
        page = json.loads(response.read() or "{}")
except HTTPError as error:
    sys.exit(f"{error.code} {error.read().decode(errors='replace')}")

for record in page.get("${records}") or []:
    print(${shown.map((name) => `record.get("${name}")`).join(", ")})
`;

const go = ({ endpoint, target, header, records }: Call) => `\
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

const url = "${endpoint}" +
	"${target.replace("?", '" +\n\t"?')}"

type page struct {
	Records []struct {
		Name   string \`json:"${shown[0]}"\`
		Status string \`json:"${shown[1]}"\`
		Size   int64  \`json:"${shown[2]}"\`
	} \`json:"${records}"\`
}

var client = &http.Client{
	Timeout: 30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

func list() (result page, err error) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return result, err
	}
	request.Header.Set("${header}", os.Getenv("${tokenVariable}"))
	response, err := client.Do(request)
	if err != nil {
		return result, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode == http.StatusNoContent {
		return result, err
	}
	if response.StatusCode != http.StatusOK {
		return result, fmt.Errorf("%s %s", response.Status, body)
	}
	err = json.Unmarshal(body, &result)
	return result, err
}

func main() {
	result, err := list()
	if err != nil {
		log.Fatal(err)
	}
	for _, record := range result.Records {
		fmt.Println(record.Name, record.Status, record.Size)
	}
}
`;

const java = ({ endpoint, target, header }: Call) => `\
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;

public class ListBackupRecords {
    private static final String TOKEN = "${tokenVariable}";

    public static void main(String[] args) throws Exception {
        URI uri = URI.create("${endpoint}"
                + "${target.replace("?", '"\n                + "?')}");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("${header}", Objects.requireNonNull(System.getenv(TOKEN), TOKEN))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            System.err.println(response.statusCode() + " " + response.body());
            System.exit(1);
        }
        System.out.println(response.body());
    }
}
`;
