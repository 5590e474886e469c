// What `import "dcs-backup-records"` gives: the typed client of the contract, and the types themselves.

export { createContractClient, defaultBaseUrl } from "../../generated/client.ts";
export type * from "../../generated/types.ts";
