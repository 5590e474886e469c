import { run } from "../program.js";
import { list } from "./list.js";
import type { components } from "./types.js";

const succeed: components["schemas"]["BackupStatus"] = "succeed";

await run({ list, succeed, spelling: '"succeed"', statusType: 'components["schemas"]["BackupStatus"]' });
