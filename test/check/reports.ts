// Real reports, for the tests of formats.

import { checkConsumer, checkProvider, type Report } from "../../src/check/index.ts";
import { startMock } from "../../src/mock/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { reply, startServer } from "../client/server.ts";

/** The instance of the contract's example, whose backup the mock holds. */
export const example = {
  projectId: String(baseContract.parameters.get("project_id")?.example),
  instanceId: String(baseContract.parameters.get("instance_id")?.example),
};

/** A field with the special characters of terminals, XML, HTML, Markdown, CSV and workflow commands. */
export const nastyField = "a|`b`<c>&\"'\u001b[31m\u0000\ufffe\n::error::\r%0A,*_[x](y)\u202e";

/** A hostile page with many faults. */
export const nastyPage = {
  total_num: 3,
  [nastyField]: 1,
  backup_record_response: [
    { backup_id: "1", size: "880232", created_at: "yesterday", status: nastyField },
    { backup_id: "1", size: -1, period: {}, status: "</failure>]]>" },
  ],
};

export async function makeReports() {
  const options = { ...example, credentials: { token: "my-own-token" } };
  const mock = await startMock();
  const kept = await checkProvider({ ...options, server: mock.url });
  await mock.close();
  await using broken = await startServer(reply(200, nastyPage, { "content-type": "text/html" }));
  const departed = await checkProvider({ ...options, server: broken.url });
  const warnedOnly = await checkProvider({ ...options, server: broken.url, only: ["known-fields"] });
  await using shut = await startServer(reply(403, { error_code: "APIGW.0301", error_msg: "No" }));
  const unknown = await checkProvider({ ...options, server: shut.url });
  const program = `fetch(process.env.DCS_ENDPOINT + "/v2/p/instances/i/backups?beginTime=x").then(() => process.exit(3))`;
  const consumer = await checkConsumer({ command: process.execPath, args: ["-e", program] });
  const inScenario = await checkConsumer({ command: process.execPath, args: ["-e", program], scenario: "throttled" });
  return { kept, departed, warnedOnly, unknown, consumer, inScenario } satisfies Record<string, Report>;
}
