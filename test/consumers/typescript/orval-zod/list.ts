import type { Call } from "../program.js";
import {
  ListBackupRecords200Response as Page,
  ListBackupRecordsQueryParams as Query,
  ListBackupRecords400Response as Refusal,
} from "./api.js";

export async function list({ baseUrl, token, path, query }: Call) {
  const url = new URL(`${baseUrl}/v2/${path.project_id}/instances/${path.instance_id}/backups`);
  for (const [name, value] of Object.entries(Query.parse(query))) url.searchParams.set(name, String(value));
  const response = await fetch(url, { headers: { "X-Auth-Token": token } });
  const { ok, status } = response;
  const text = await response.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return ok ? { status, page: Page.parse(body) } : { status, failure: Refusal.parse(body) };
}
