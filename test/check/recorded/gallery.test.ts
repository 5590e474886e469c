// What the check of a provider finds on broken servers, the check of a recording finds too, made of the same requests by the
// relay: but for what a recording cannot hold. The lists of what it cannot are as short as they can be.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkProvider, checkRecorded, checkRelay, type Report } from "../../../src/check/index.ts";
import { type Broken, startBroken } from "../broken.ts";
import { harmless } from "../gallery/harmless.ts";
import { gallery } from "../gallery/index.ts";
import { instanceId, projectId, token } from "../service.ts";

/** What the live check finds and the recorded check does not; of all servers, or of these. */
interface Exception {
  rule: string;
  servers?: readonly string[];
  reason: string;
}

const ofConnection = "a fault of the connection: no recording holds how an answer came, or why none did";
const ofRun = "it says that the live check could not go on; the exchange itself is told as not judged";

const exceptions: readonly Exception[] = [
  { rule: "reachable", reason: ofConnection },
  { rule: "whole-answer", reason: ofConnection },
  { rule: "valid-http", reason: ofConnection },
  { rule: "in-time", reason: `${ofConnection}; and none holds how long its client may wait` },
  { rule: "body-size", reason: `${ofConnection}; and what is too large is not kept` },
  { rule: "deadline", reason: "it is the live check that has one, for all its requests together" },
  { rule: "rate-limit", reason: ofRun },
  { rule: "credentials", reason: ofRun },
  {
    rule: "status",
    servers: ["the second page rejects the credentials"],
    reason: "it compares two requests: in a recording the credentials may have expired in between",
  },
  {
    rule: "judged",
    servers: ["it has no record for the selected rules"],
    reason: "the live check was told to apply two rules, and the recorded check applies all",
  },
];

/** What the recorded check finds and the live check does not, by the server. */
const others: readonly { rules: readonly string[]; servers: readonly string[]; reason: string }[] = [
  {
    rules: ["status"],
    servers: [
      "a proxy in front of it wants credentials",
      "it wants another version of HTTP",
      "it wants an upgrade to HTTP/2",
      "it switches to another protocol",
    ],
    reason: "the live check takes this status for a fault of the connection",
  },
  {
    rules: ["accepted", "json"],
    servers: ["it speaks TLS, and explains that in plain HTTP"],
    reason: "the live check asks what the server speaks instead, and a recording is only read",
  },
];

interface Recorded {
  relayed: Report;
  recorded: Report;
}

const entries: readonly Broken[] = [
  ...gallery,
  ...harmless.map((entry): Broken => ({ meant: [], outcome: "conforms", ...entry })),
];
const checked = new Map<string, Recorded>();

async function check(entry: Broken, record: string): Promise<Recorded> {
  await using server = await startBroken(entry);
  const stop = new AbortController();
  const credentials = { token };
  const relayed = await checkRelay({
    server: server.url,
    side: "provider",
    record,
    signal: stop.signal,
    onStart: (url) =>
      void checkProvider({ server: url, projectId, instanceId, credentials, ...entry.options }).finally(() =>
        stop.abort(),
      ),
  });
  return { relayed, recorded: await checkRecorded({ files: [record], side: "provider" }) };
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "recordings-"));
  const queue = [...entries.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [number, entry] = next;
      const form = number % 2 === 0 ? "har" : "ndjson";
      checked.set(entry.name, await check(entry, join(folder, `${number}.${form}`)));
    }
  };
  await Promise.all(Array.from({ length: 12 }, work));
  await rm(folder, { recursive: true });
}, 60_000);

const rulesOf = ({ findings }: Report) => new Set(findings.map(({ rule }) => rule));
const of = (name: string) => checked.get(name) as Recorded;

/** If nothing was answered, the recorded check says that it had nothing to judge. */
const isOfNothing = (rule: string) => rule === "judged";

const missing = ({ name, meant, also = [] }: Broken) =>
  [...meant, ...also].filter((rule) => !rulesOf(of(name).recorded).has(rule));
const more = ({ name, meant, also = [] }: Broken) =>
  [...rulesOf(of(name).recorded)].filter((rule) => !meant.includes(rule) && !also.includes(rule) && !isOfNothing(rule));

const excuses = ({ rule, servers }: Exception, { name }: Broken, given: string) =>
  rule === given && (servers === undefined || servers.includes(name));

describe("a recording shows what the live check finds, that", () => {
  it.each(entries)("$name", (entry) => {
    const { recorded } = of(entry.name);
    const told = JSON.stringify(recorded.findings, null, 2);
    const unexcused = missing(entry).filter((rule) => !exceptions.some((one) => excuses(one, entry, rule)));
    expect(unexcused, told).toEqual([]);
    const excused = others.filter(({ servers }) => servers.includes(entry.name)).flatMap(({ rules }) => rules);
    expect(more(entry).sort(), told).toEqual([...excused].sort());
  });
});

it.each(exceptions)("that it does not show $rule is an exception still, as $reason", (exception) => {
  const needing = entries.filter((entry) => missing(entry).some((rule) => excuses(exception, entry, rule)));
  expect(needing).not.toEqual([]);
  expect((exception.servers ?? []).filter((name) => !needing.some((entry) => entry.name === name))).toEqual([]);
});

it("what a recording does not show of such a server it does not pass either, but for what the live check decides itself", () => {
  const silent = entries.filter(
    (entry) => missing(entry).length > 0 && more(entry).length === 0 && of(entry.name).recorded.notJudged?.length === 0,
  );
  // Whether the deadline leaves a request without an answer is a matter of milliseconds.
  const found = silent.flatMap(({ meant }) => meant).filter((rule) => rule !== "deadline");
  expect(found).toEqual(["judged"]);
});

it("the relay finds in what passes what is found in its recording", () => {
  // An answer without any header looks there as if its headers were not kept.
  const headerless = "it speaks TLS, and explains that in plain HTTP";
  const differing = entries.filter(({ name }) => {
    const { relayed, recorded } = of(name);
    const [live, later] = [relayed, recorded].map(({ findings }) =>
      findings.map(({ rule, probe, message }) => `${probe} ${rule} ${message}`),
    );
    return JSON.stringify(live) !== JSON.stringify(later);
  });
  expect(differing.map(({ name }) => name)).toEqual([headerless]);
});
