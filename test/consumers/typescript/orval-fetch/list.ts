import type { Call } from "../program.js";
import { listBackupRecords } from "./api.js";
import { server } from "./server.js";

export async function list({ baseUrl, token, path, query }: Call) {
  server.url = baseUrl;
  const headers = { "X-Auth-Token": token };
  const answer = await listBackupRecords(path.project_id, path.instance_id, query, { headers });
  return answer.status === 200
    ? { status: answer.status, page: answer.data }
    : { status: answer.status, failure: answer.data };
}
