// What `import "dcs-backup-records"` gives: the client, its errors, and the types of the contract.

export { server as defaultBaseUrl } from "../../generated/contract.ts";
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
export type { BackupRecord, BackupRecordsPage } from "./page.ts";
export type { RetryPolicy } from "./retry.ts";
export type { Fetch, FetchInit, FetchResponse, RequestEvent, ResponseEvent } from "./transport.ts";
