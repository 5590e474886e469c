import { run } from "../program.js";
import type { BackupStatus } from "./api/index.js";
import { list } from "./list.js";

const succeed: BackupStatus = "succeed";

await run({ list, succeed, spelling: '"succeed"', statusType: "BackupStatus" });
