// A service on loopback that requires authentication, and a program that calls it, for any JavaScript realm.

import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { sign } from "../../src/wire/signature.ts";

export interface Server {
  url: string;
  close(): Promise<void>;
}

export async function serve(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const token = { token: "my-token" };
export const keys = { accessKey: "my-key", secretKey: "my-secret" };
export const temporaryKeys = { ...keys, securityToken: "my-security-token" };

const ids = ["first", "second", "third"];

/** The service, with three backups; if it allows CORS, pages of every origin may call it. */
export function serveBackups({ cors }: { cors: boolean }): Promise<Server> {
  return serve(async (request, response) => {
    if (cors) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      const names = "Authorization, X-Auth-Token, X-Project-Id, X-Sdk-Date, X-Security-Token";
      response.setHeader("Access-Control-Allow-Headers", names);
    }
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const fault = await findFault(request);
    response.writeHead(fault === undefined ? 200 : 401, { "Content-Type": "application/json" });
    if (fault !== undefined) return response.end(JSON.stringify({ error_code: "APIGW.0301", error_msg: fault }));
    const { searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const offset = Number(searchParams.get("offset"));
    const page = ids.slice(offset, offset + Number(searchParams.get("limit") ?? 10));
    const records = page.map((backup_id) => ({ backup_id, status: "succeed" }));
    return response.end(JSON.stringify({ total_num: ids.length, backup_record_response: records }));
  });
}

const form = /^SDK-HMAC-SHA256 Access=my-key, SignedHeaders=([a-z-]+(?:;[a-z-]+)*), Signature=[0-9a-f]{64}$/;

/** The faults in a request's authentication. */
async function findFault({ method = "", url = "", headers }: IncomingMessage): Promise<string | undefined> {
  if (headers["x-auth-token"] !== undefined) {
    return headers["x-auth-token"] === token.token ? undefined : "another token";
  }
  const [, signedHeaders] = form.exec(headers.authorization ?? "") ?? [];
  if (signedHeaders === undefined) return `Authorization has another form: ${headers.authorization}`;
  const names = signedHeaders.split(";");
  for (const name of ["host", "x-project-id", "x-sdk-date"]) if (!names.includes(name)) return `${name} is not signed`;
  const date = /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/.exec(String(headers["x-sdk-date"]));
  if (!date) return `X-Sdk-Date has another form: ${headers["x-sdk-date"]}`;
  const [, year, month, hour, minute, second] = date;
  const sent = names.filter((name) => name !== "x-sdk-date").map((name) => [name, String(headers[name])]);
  const request = { method, url: new URL(url, `http://${headers.host}`), headers: Object.fromEntries(sent) };
  const expected = sign(request, keys, new Date(`${year}-${month}-${hour}:${minute}:${second}`));
  return expected.authorization === headers.authorization ? undefined : "another signature";
}

/** A script beside the bundle: `listBackups` lists backups in each possible way. */
export const program = `
  async function listBackups(endpoint, credentials) {
    const client = createDcsClient({ endpoint, projectId: "my-project", credentials, retry: false });
    try {
      const page = await client.listBackupRecords("my-instance", { limit: 2 });
      const all = [];
      const options = { pageSize: 2, beginTime: new Date(0), endTime: "20260101000000" };
      for await (const { backup_id } of client.backupRecords("my-instance", options)) all.push(backup_id);
      const path = { project_id: "my-project", instance_id: "my instance's (own)" };
      const raw = await client.raw.GET("/v2/{project_id}/instances/{instance_id}/backups", { params: { path } });
      const idsOf = ({ backup_record_response: records }) => records.map(({ backup_id }) => backup_id);
      return { page: idsOf(page), all, raw: idsOf(raw.data) };
    } catch ({ name, message }) {
      return { name, message };
    }
  }`;

/** A call of the program. */
export const call = (server: Server, credentials: object) =>
  `listBackups(${JSON.stringify(server.url)}, ${JSON.stringify(credentials)})`;

/** The program's result if all went well. */
export const listed = { page: ids.slice(0, 2), all: ids, raw: ids };
