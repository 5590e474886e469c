import { run } from "../program.js";
import { createClient } from "./api/client/index.js";
import { type BackupStatus, listBackupRecords } from "./api/index.js";

const succeed: BackupStatus = "succeed";

await run({
  async list({ baseUrl, token, path, query }) {
    const client = createClient({ baseUrl, auth: ({ name }) => (name === "X-Auth-Token" ? token : undefined) });
    const { data, error, response } = await listBackupRecords({ client, path, query });
    if (!response) throw error; // no answer came
    return { status: response.status, page: data, failure: error };
  },
  succeed,
  spelling: '"succeed"',
  statusType: "BackupStatus",
});
