import { run } from "../program.js";
import { BackupStatus, listBackupRecords } from "./api.js";
import { server } from "./server.js";

await run({
  async list({ baseUrl, token, path, query }) {
    server.url = baseUrl;
    const headers = { "X-Auth-Token": token };
    const answer = await listBackupRecords(path.project_id, path.instance_id, query, { headers });
    return answer.status === 200
      ? { status: answer.status, page: answer.data }
      : { status: answer.status, failure: answer.data };
  },
  succeed: BackupStatus.succeed,
  spelling: "BackupStatus.succeed",
  statusType: "BackupStatus",
});
