// Consumers to check: small programs that send requests to the mock, run from here or from another process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Command, Ended } from "../../src/check/consumer/command.ts";
import { type ConsumerOptions, checkConsumer, type Report } from "../../src/check/index.ts";

/** Functions for the programs of these tests. */
const prelude = `
  import { request } from "node:http";
  import { connect as connectHttp2 } from "node:http2";
  import { connect } from "node:net";
  const endpoint = process.env.DCS_ENDPOINT;
  const path = "/v2/my-project/instances/my-instance/backups";
  const token = { "X-Auth-Token": "the-token" };
  const digits = "0123456789abcdef".repeat(4);
  const date = (minutes = 0) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/[-:]|\\.\\d+/g, "");
  const signed = (headers = {}, names = "host;x-sdk-date") => ({
    Authorization: "SDK-HMAC-SHA256 Access=the-access-key, SignedHeaders=" + names + ", Signature=" + digits,
    "X-Sdk-Date": date(),
    ...headers,
  });
  /** Sends it unchanged, and returns the status code. */
  const send = (target = path, headers = token, method = "GET", body = "") => new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    request({ hostname, port, path: target, method, headers }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    }).on("error", reject).end(body);
  });
  /** Sends it over HTTP/2 with prior knowledge. */
  const sendHttp2 = () => new Promise((resolve) => {
    const session = connectHttp2(endpoint).on("error", resolve);
    session.request({ ":path": path, ...token }).on("error", resolve).on("end", resolve).end();
  });
  /** Sends bytes, and returns the reply. */
  const raw = (bytes) => new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(new URL(endpoint).port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (data) => { answer += data; }).on("error", reject).on("close", () => resolve(answer));
  });
`;

/** A program as a command. */
export const node = (code: string) => ({
  command: process.execPath,
  args: ["--input-type=module", "-e", prelude + code],
});

export const check = (code: string, options: Partial<ConsumerOptions> = {}) =>
  checkConsumer({ ...node(code), ...options });

/** The check in its own process. */
export const start = (options: ConsumerOptions) => startScript<Report>("run-consumer.ts", options);

/** Only the code that runs a command, in its own process: without the mock, which takes long to load. */
export const startCommand = (options: Partial<Command>) => startScript<Ended>("run-command.ts", options);

/** Starts a script that prints a result as JSON in its last line. */
function startScript<T>(script: string, options: object) {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), JSON.stringify(options)]);
  const output = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return {
    child,
    /** Resolves when the command has printed something on its standard error. */
    said: (what: string) =>
      new Promise<void>((resolve) => {
        let heard = "";
        child.stderr.on("data", (data) => {
          heard += data;
          if (heard.includes(what)) resolve();
        });
      }),
    /** Its output, once no process that it started holds the output open. */
    async end(): Promise<{ result: T; code: number; stderr: string; stdout: string }> {
      const [[code], stdout, stderr] = await output;
      const last = stdout.trim().split("\n").at(-1);
      return { result: JSON.parse(last || "null"), code, stdout, stderr };
    },
  };
}
