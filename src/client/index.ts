// What `import "dcs-backup-records"` gives: a client for those who have an account, and the contract's own, typed.

export { createContractClient, defaultBaseUrl } from "../../generated/client.ts";
export type * from "../../generated/types.ts";
export type { Credentials, CredentialsProvider, KeyCredentials, TokenCredentials } from "../wire/credentials.ts";
export {
  type AllOptions,
  createDcsClient,
  type DcsClient,
  type DcsClientOptions,
  type ListOptions,
  type TimeWindow,
} from "./client.ts";
export { DcsApiError, DcsError, DcsNetworkError, DcsResponseError, DcsTimeoutError } from "./errors.ts";
export type { BackupRecordsPage } from "./page.ts";
export type { RetryPolicy } from "./retry.ts";
export type { RequestEvent, ResponseEvent } from "./transport.ts";
