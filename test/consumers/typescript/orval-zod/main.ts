import type { infer as Infer } from "zod";
import { run } from "../program.js";
import type { ListBackupRecords200Response as Page } from "./api.js";
import { list } from "./list.js";

type Status = NonNullable<NonNullable<Infer<typeof Page>["backup_record_response"]>[number]["status"]>;
const succeed: Status = "succeed";

await run({ list, succeed, spelling: '"succeed"', statusType: 'zod.enum({ waiting: "waiting", … })' });
