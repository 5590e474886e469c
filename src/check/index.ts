// What `import "dcs-backup-records/check"` gives: the contract check as functions.

export { type ConsumerOptions, checkConsumer } from "./consumer.ts";
export { checkProvider, type ProviderOptions } from "./provider.ts";
export type { Finding, Report, RuleResult } from "./report.ts";
export type { Severity } from "./rule.ts";
