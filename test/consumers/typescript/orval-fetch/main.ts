import { run } from "../program.js";
import { BackupStatus } from "./api.js";
import { list } from "./list.js";

await run({ list, succeed: BackupStatus.succeed, spelling: "BackupStatus.succeed", statusType: "BackupStatus" });
