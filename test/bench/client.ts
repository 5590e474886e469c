// The cost of the client, against bare fetch and the core of the vendor's SDK.

import { deepEqual } from "node:assert/strict";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js";
import { type BackupRecordResponse, type Credentials, createDcsClient } from "../../src/client/index.ts";
import { sign } from "../../src/wire/signature.ts";
import { duel, type Summary, summarize } from "./duel.ts";
import { describeMachine, note, table, verdict } from "./report.ts";
import { startServer } from "./server.ts";

const aims = { token: 1.1, signed: 1.25, timesTheVendor: 1.4, ofWebCrypto: 0.2 };
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
    const signing = await measureSigning(signal);
    note("the vendor's SDK …");
    const theirs = () => ways.vendor(100);
    const rivals = await compare(theirs, () => ways.keys(100), signal);
    return [
      describeMachine(),
      ...describeCalls(calls),
      describeSigning(signing),
      ...describeVendor(rivals),
      ...describeAims(calls, signing, rivals),
    ].join("\n");
  } finally {
    server.stop();
  }
}

// --- What is compared ---

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

/** The whole signature against what WebCrypto takes for its two hashes alone. */
async function measureSigning(signal: AbortSignal): Promise<Summary> {
  const url = new URL(`http://127.0.0.1${path}?limit=1`);
  const request = { method: "GET", url, headers: { "X-Project-Id": "project", Host: url.host } };
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const secret = new TextEncoder().encode(keys.secretKey);
  const webCrypto = async () => {
    await crypto.subtle.digest("SHA-256", bytes);
    const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    await crypto.subtle.sign("HMAC", key, bytes);
  };
  return summarize(await duel(webCrypto, async () => sign(request, keys, new Date()), 5, signal));
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

const describeSigning = ({ theirs, ours, ratio, spread }: Summary) =>
  `\nA signature takes ${ours.toFixed(0)} µs, and the hashes that it needs ${theirs.toFixed(0)} µs with WebCrypto: ${ratio.toFixed(2)} (${spread}).`;

const describeVendor = ({ theirs, ours, ratio, spread }: Summary) => [
  `\nAgainst ${vendor}, the same signed call of 100 records, in calls a second:`,
  `vendor ${count(1e6 / theirs)}, client ${count(1e6 / ours)}: ${(1 / ratio).toFixed(2)} ×. Time, client / vendor in half of the rounds: ${spread}.`,
];

const describeAims = (calls: Call[], signing: Summary, rivals: Summary) => {
  const ratioOf = (wanted: Call["way"]) =>
    calls.find(({ size, way }) => size === 100 && way === wanted)?.ratio ?? Number.NaN;
  const times = 1 / rivals.ratio;
  return [
    "",
    "Times and ratios are medians of many short rounds in which both sides take turns.",
    `aim: client / bare fetch ${aims.token} or less at 100 records with a token, ${verdict(ratioOf("token") <= aims.token)}`,
    `aim: client / bare fetch ${aims.signed} or less at 100 records signed, ${verdict(ratioOf("keys") <= aims.signed)}`,
    `aim: a signature in ${aims.ofWebCrypto} of WebCrypto's time or less, ${verdict(signing.ratio <= aims.ofWebCrypto)}`,
    `aim: ${aims.timesTheVendor} times the vendor's calls a second or more, ${verdict(times >= aims.timesTheVendor)}`,
  ];
};

const count = (number: number) => Math.round(number).toLocaleString("en");
