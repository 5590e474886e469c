// The contract of a revision, as the commands get it.

import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";
import { checkProvider } from "../../src/check/index.ts";
import { baseContract, contractOf, newest, revisionDates } from "../../src/wire/contract.ts";
import { example } from "../check/reports.ts";
import { everyStatus, serve, service, token } from "../check/service.ts";
import { startServer } from "../client/server.ts";
import { inherited } from "../environment.ts";

const run = promisify(execFile);
const [first = "", ...later] = revisionDates;

describe("the revisions", () => {
  it("are the base and those that the build wrote, in the order of their dates", async () => {
    expect(later).toEqual(
      (await readdir(join(repository, "spec/revisions"))).map((file) => file.replace(".yaml", "")).sort(),
    );
    expect(revisionDates).toEqual([...revisionDates].sort());
  });

  it.each(later)("have a contract each, with its own document, facts and validators: %s", async (date) => {
    const contract = await contractOf(date);
    expect(contract).not.toBe(baseContract);
    expect(contract.page).toEqual(baseContract.page);
    expect([...contract.parameters.keys()]).toEqual([...baseContract.parameters.keys()]);
    expect(contract.document().openapi).toBe("3.0.3");
    expect(JSON.stringify(contract.document())).toContain(`reference page in its revision of ${date}`);
    expect(Object.keys(contract.fieldsOf(contract.page.record))).toContain("backup_format");
    const validate = contract.validator(contract.page.record);
    expect([{ backup_format: "aof" }, { backup_format: "other" }].map((record) => validate(record))).toEqual([
      true,
      false,
    ]);
    expect(Object.keys(contract.facts)).toEqual(expect.arrayContaining(Object.keys(baseContract.facts)));
  });

  it("differ in statuses, bounds and maxima", async () => {
    const contracts = await Promise.all(revisionDates.map(contractOf));
    const statuses = contracts.map(({ responses }) => responses.has(204));
    const limits = contracts.map(({ parameters }) => parameters.get("limit")?.schema.maximum);
    const maxima = contracts.map((contract) => contract.fieldsOf("ErrorResponse").error_code?.maxLength);
    expect(statuses).toEqual([false, false, true, true, false]);
    expect(limits).toEqual([undefined, undefined, undefined, undefined, 1000]);
    expect(maxima).toEqual([9, 9, 9, undefined, 9]);
  });

  it("have a newest one: that of the publisher of the base", async () => {
    expect(newest).toBe("2025-10-23");
    expect((await contractOf("newest")).parameters.get("limit")).toEqual(
      (await contractOf(newest)).parameters.get("limit"),
    );
    expect(await contractOf(first)).toBe(baseContract);
  });

  it.each(["2024-04-25", "", "Newest", "tolerant", "toString", "__proto__", "../2024-04-24"])(
    "do not include %j",
    async (name) => {
      await expect(contractOf(name)).rejects.toThrow(
        new RangeError(`There is no revision ${JSON.stringify(name)}. Those are: ${revisionDates.join(", ")}, newest`),
      );
    },
  );

  it("are loaded when they are asked for, and not before", async () => {
    const module = join(repository, "src/wire/contract.ts");
    const loaded = async (code: string) => {
      const program = `const { contractOf } = await import(${JSON.stringify(module)}); ${code}`;
      const env = inherited({ NODE_DEBUG: "esm" });
      const { stderr } = await run(process.execPath, ["-e", program], { env, maxBuffer: 2 ** 28 });
      return [...new Set(stderr.match(/(?<=generated\/revisions\/)[\d-]+/g))];
    };
    expect(await loaded("")).toEqual([]);
    expect(await loaded('await contractOf("2025-03-17");')).toEqual(["2025-03-17"]);
  });

  it("judge a server by their own facts: it fits those that document what it does", async () => {
    const records = everyStatus.map((record) => ({
      ...record,
      execution_at: "2019-05-11T08:31:16.166Z",
      backup_format: "rdb",
    }));
    const conforming = service({ records });
    const answer = serve((request) => {
      const { body, ...rest } = conforming(request);
      const isEmpty = JSON.stringify(body).includes('"backup_record_response":[]');
      return isEmpty ? { ...rest, status: 204, body: undefined } : { ...rest, body };
    });
    const rulesUnder = async (date: string) => {
      await using server = await startServer(answer);
      const contract = await contractOf(date);
      const { findings } = await checkProvider({ ...example, server: server.url, credentials: { token }, contract });
      return [...new Set(findings.map(({ rule }) => rule))].sort();
    };
    expect(await rulesUnder(first)).toEqual(["empty-204", "known-fields"]);
    expect(await rulesUnder("2023-12-13")).toEqual(["empty-204"]);
    expect(await rulesUnder("2024-04-24")).toEqual([]);
  });
});
