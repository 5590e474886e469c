// What `import "dcs-backup-records/check"` gives: the contract check as functions.

export { type Contract, contractOf, revisionDates } from "../wire/contract.ts";
export type { Severity } from "../wire/rule.ts";
export { type ConsumerOptions, checkConsumer } from "./consumer/index.ts";
export type { Coverage, CoverageItem } from "./model/coverage.ts";
export type { Exchanges, Finding, NotJudged, Report, RevisionFit, RuleResult, Side } from "./model/report.ts";
export { checkProvider, type ProviderOptions } from "./provider/index.ts";
export { checkRecorded, type RecordedOptions, type RecordedProgress } from "./recorded/index.ts";
export { checkRelay, type RelayOptions } from "./relay/index.ts";
