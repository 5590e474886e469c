import { isAxiosError } from "axios";
import type { Call } from "../program.js";
import { BackupsApi, Configuration, type ErrorResponse } from "./api/index.js";

export async function list({ baseUrl, token, path, query }: Call) {
  const baseOptions = { headers: { "X-Auth-Token": token } };
  const api = new BackupsApi(new Configuration({ basePath: baseUrl, baseOptions }));
  const { project_id, instance_id } = path;
  const { begin_time, end_time, limit, offset } = query;
  try {
    const { status, data } = await api.listBackupRecords(project_id, instance_id, begin_time, end_time, limit, offset);
    return { status, page: data };
  } catch (error) {
    if (!isAxiosError<ErrorResponse>(error) || !error.response) throw error;
    return { status: error.response.status, failure: error.response.data };
  }
}
