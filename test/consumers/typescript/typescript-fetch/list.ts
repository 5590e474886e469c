import type { Call } from "../program.js";
import { BackupsApi, Configuration, ErrorResponseFromJSON, ResponseError } from "./api/index.js";

export async function list({ baseUrl, token, path, query }: Call) {
  const api = new BackupsApi(new Configuration({ basePath: baseUrl, headers: { "X-Auth-Token": token } }));
  try {
    const page = await api.listBackupRecords({
      projectId: path.project_id,
      instanceId: path.instance_id,
      limit: query.limit,
      offset: query.offset,
      beginTime: query.begin_time,
      endTime: query.end_time,
    });
    return { status: 200, page };
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return { status: error.response.status, failure: ErrorResponseFromJSON(await error.response.json()) };
  }
}
