// The mock with a history of backups is a provider that keeps to the contract: its own check finds nothing.

import { describe, expect, it } from "vitest";
import { checkProvider } from "../../src/check/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { contractOf, revisionDates } from "../../src/wire/contract.ts";
import type { Credentials } from "../../src/wire/credentials.ts";
import { example } from "../check/reports.ts";

const token: Credentials = { token: "MIIQ+test/token-of-the-mock==" };
const keys: Credentials = { accessKey: "ACCESSKEY0123456789", secretKey: "secret-key+0123456789/=" };

const { projectId, instanceId } = example;
const cases = [0, 1, 11, 2500].flatMap((records) => (["all", "page"] as const).map((total) => ({ records, total })));

describe.each(revisionDates)("revision %s", (date) => {
  it.each(cases)("$records records, of which total_num counts $total", async ({ records, total }) => {
    const contract = await contractOf(date);
    for (const credentials of [token, keys]) {
      await using mock = await startMock({ contract, records, total, credentials });
      const report = await checkProvider({ server: mock.url, projectId, instanceId, credentials, contract });
      expect(report.findings).toEqual([]);
      expect(report.outcome).toBe("conforms");
      const unjudged = report.rules.filter(({ result }) => result !== "passed");
      if (records > 1) expect(unjudged).toEqual([]);
    }
  });
});
