import type { infer as Infer } from "zod";
import { run } from "../program.js";
import {
  ListBackupRecords200Response as Page,
  ListBackupRecordsQueryParams as Query,
  ListBackupRecords400Response as Refusal,
} from "./api.js";

type Status = NonNullable<NonNullable<Infer<typeof Page>["backup_record_response"]>[number]["status"]>;
const succeed: Status = "succeed";

await run({
  async list({ baseUrl, token, path, query }) {
    const url = new URL(`${baseUrl}/v2/${path.project_id}/instances/${path.instance_id}/backups`);
    for (const [name, value] of Object.entries(Query.parse(query))) url.searchParams.set(name, String(value));
    const response = await fetch(url, { headers: { "X-Auth-Token": token } });
    const { ok, status } = response;
    const body = await response.json();
    return ok ? { status, page: Page.parse(body) } : { status, failure: Refusal.parse(body) };
  },
  succeed,
  spelling: '"succeed"',
  statusType: 'zod.enum({ waiting: "waiting", … })',
});
