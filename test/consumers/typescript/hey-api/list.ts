import type { Call } from "../program.js";
import { createClient } from "./api/client/index.js";
import { listBackupRecords } from "./api/index.js";

export async function list({ baseUrl, token, path, query }: Call) {
  const client = createClient({ baseUrl, auth: ({ name }) => (name === "X-Auth-Token" ? token : undefined) });
  const { data, error, response } = await listBackupRecords({ client, path, query });
  if (!response) throw error; // no answer came
  return { status: response.status, page: data, failure: error };
}
