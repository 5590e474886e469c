import { run } from "../program.js";
import { BackupStatus } from "./api/index.js";
import { list } from "./list.js";

await run({ list, succeed: BackupStatus.Succeed, spelling: "BackupStatus.Succeed", statusType: "BackupStatus" });
