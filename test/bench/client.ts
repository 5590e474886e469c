// The cost of the client, against bare fetch and the core of the vendor's SDK.

import { deepEqual } from "node:assert/strict";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js";
import { type BackupRecordResponse, type Credentials, createDcsClient } from "../../src/client/index.ts";
import { sign } from "../../src/wire/signature.ts";
import { duel, type Summary, summarize, time } from "./duel.ts";
import { describeMachine, median, note, table, verdict } from "./report.ts";
import { startServer } from "./server.ts";

const aims = { overBareFetch: 1.1, timesTheVendor: 2 };
const vendor = "@huaweicloud/huaweicloud-sdk-core";
const path = "/v2/project/instances/instance/backups";
const token = { token: "token-of-the-benchmark" };
const keys = { accessKey: "access-key-of-the-benchmark", secretKey: "secret-key-of-the-benchmark" };
const sizes = [1, 100, 1000];

export async function benchClient(_workspace: string, signal: AbortSignal): Promise<string> {
  const server = await startServer();
  try {
    const ways = waysToCall(server.url);
    const calls: Call[] = [];
    for (const size of sizes) {
      for (const way of ["token", "keys"] as const) {
        note(`${describeCall(size, way)} …`);
        const theirs = () => ways.bare(size);
        const ours = () => ways[way](size);
        calls.push({ size, way, ...(await compare(theirs, ours, signal)) });
      }
    }
    note("signing …");
    const signing = await measureSigning(ways, signal);
    note("the vendor's SDK …");
    const theirs = () => ways.vendor(100);
    const rivals = await compare(theirs, () => ways.keys(100), signal);
    return [
      describeMachine(),
      ...describeCalls(calls),
      ...describeSigning(signing),
      ...describeVendor(rivals),
      ...describeAims(calls, rivals),
    ].join("\n");
  } finally {
    server.stop();
  }
}

// --- What is compared ---

type Ways = ReturnType<typeof waysToCall>;

function waysToCall(url: string) {
  const connect = (credentials: Credentials) => createDcsClient({ endpoint: url, projectId: "project", credentials });
  const [withToken, withKeys] = [connect(token), connect(keys)];
  const credential = new BasicCredentials().withAk(keys.accessKey).withSk(keys.secretKey).withProjectId("project");
  const hcClient = new ClientBuilder((built) => built)
    .withEndpoint(url)
    .withCredential(credential)
    .withOptions({ customUserAgent: "bench" }) // without one it writes an id into the home folder
    .build();
  return {
    bare: async (limit: number): Promise<BackupRecordResponse[]> => {
      const response = await fetch(`${url}${path}?limit=${limit}`, { headers: { "X-Auth-Token": token.token } });
      return JSON.parse(await response.text()).backup_record_response;
    },
    token: async (limit: number) => (await withToken.listBackupRecords("instance", { limit })).backup_record_response,
    keys: async (limit: number) => (await withKeys.listBackupRecords("instance", { limit })).backup_record_response,
    vendor: async (limit: number): Promise<unknown> => {
      const answer = await hcClient.sendRequest({
        method: "GET",
        url: "/v2/{project_id}/instances/{instance_id}/backups",
        contentType: "application/json",
        pathParams: { instance_id: "instance" },
        queryParams: { limit },
        headers: {},
      });
      return (answer as { backup_record_response?: unknown }).backup_record_response;
    },
  };
}

/** @throws {Error} if the two do not give the same records */
async function compare(theirs: () => Promise<unknown>, ours: () => Promise<unknown>, signal: AbortSignal) {
  deepEqual(await ours(), await theirs());
  return summarize(await duel(theirs, ours, 5, signal));
}

async function measureSigning(ways: Ways, signal: AbortSignal): Promise<{ call: number; alone: number }> {
  const { difference } = await compare(
    () => ways.token(1),
    () => ways.keys(1),
    signal,
  );
  const url = new URL(`http://127.0.0.1${path}?limit=1`);
  const request = { method: "GET", url, headers: { "X-Project-Id": "project", Host: url.host } };
  const loops: number[] = [];
  while (loops.length < 50) loops.push(await time(() => sign(request, keys, new Date()), 200));
  return { call: difference, alone: median(loops) };
}

// --- Report ---

interface Call extends Summary {
  size: number;
  way: "token" | "keys";
}

const describeCall = (size: number, way: Call["way"]) =>
  `${size === 1 ? "1 record" : `${size} records`}, ${way === "token" ? "token" : "signed"}`;

const describeCalls = (calls: Call[]) => [
  "listBackupRecords against bare fetch with JSON.parse, on loopback, one call at a time:\n",
  table([
    ["", "bare fetch, µs", "client, µs", "client / bare fetch", "half of the rounds"],
    ...calls.map(({ size, way, theirs, ours, ratio, spread }) => [
      describeCall(size, way),
      theirs.toFixed(0),
      ours.toFixed(0),
      ratio.toFixed(2),
      spread,
    ]),
  ]),
];

const describeSigning = ({ call, alone }: { call: number; alone: number }) => [
  `\nSigning adds ${call.toFixed(0)} µs to a call; in a loop of its own it takes ${alone.toFixed(0)} µs.`,
];

const describeVendor = ({ theirs, ours, ratio, spread }: Summary) => [
  `\nAgainst ${vendor}, the same signed call of 100 records, in calls a second:`,
  `vendor ${count(1e6 / theirs)}, client ${count(1e6 / ours)}: ${(1 / ratio).toFixed(2)} ×. Time, client / vendor in half of the rounds: ${spread}.`,
];

const describeAims = (calls: Call[], rivals: Summary) => {
  const call = calls.find(({ size, way }) => size === 100 && way === "token")?.ratio ?? Number.NaN;
  const times = 1 / rivals.ratio;
  return [
    "",
    "Times and ratios are medians of many short rounds in which both sides take turns.",
    `aim: client / bare fetch ${aims.overBareFetch} or less at 100 records with a token, ${verdict(call <= aims.overBareFetch)}`,
    `aim: ${aims.timesTheVendor} times the vendor's calls a second or more, ${verdict(times >= aims.timesTheVendor)}`,
  ];
};

const count = (number: number) => Math.round(number).toLocaleString("en");
