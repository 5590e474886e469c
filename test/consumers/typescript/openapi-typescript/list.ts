import createClient from "openapi-fetch";
import type { Call } from "../program.js";
import type { paths } from "./types.js";

export async function list({ baseUrl, token, path, query }: Call) {
  const client = createClient<paths>({ baseUrl, headers: { "X-Auth-Token": token } });
  const { data, error, response } = await client.GET("/v2/{project_id}/instances/{instance_id}/backups", {
    params: { path, query },
  });
  return { status: response.status, page: data, failure: error };
}
