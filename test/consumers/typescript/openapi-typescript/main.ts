import createClient from "openapi-fetch";
import { run } from "../program.js";
import type { components, paths } from "./types.js";

const succeed: components["schemas"]["BackupStatus"] = "succeed";

await run({
  async list({ baseUrl, token, path, query }) {
    const client = createClient<paths>({ baseUrl, headers: { "X-Auth-Token": token } });
    const { data, error, response } = await client.GET("/v2/{project_id}/instances/{instance_id}/backups", {
      params: { path, query },
    });
    return { status: response.status, page: data, failure: error };
  },
  succeed,
  spelling: '"succeed"',
  statusType: 'components["schemas"]["BackupStatus"]',
});
