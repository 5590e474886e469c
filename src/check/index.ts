// What `import "dcs-backup-records/check"` gives: the contract check as functions.

export { type Contract, contractOf, revisionDates } from "../wire/contract.ts";
export type { Severity } from "../wire/rule.ts";
export { type ConsumerOptions, checkConsumer } from "./consumer/index.ts";
export type { Coverage, CoverageItem } from "./model/coverage.ts";
export type { Finding, Report, RevisionFit, RuleResult } from "./model/report.ts";
export { checkProvider, type ProviderOptions } from "./provider/index.ts";
