// The service behind the relay, and how it is reached: with the certificates and the proxy that Node has from the environment.

import * as http from "node:http";
import * as https from "node:https";
import { reasonOf } from "../../wire/reason.ts";
import { proxyHint, usesProxies } from "../provider/proxy.ts";
import { worded } from "../provider/send.ts";

export interface Upstream {
  /** Base URL, without a slash at its end. */
  url: string;
  /** Its scheme, host and port. */
  origin: string;
  /** As the header Host has it. */
  host: string;
  /** Of the base URL; empty if it has none. */
  path: string;
  request(options: http.RequestOptions): http.ClientRequest;
  /** Why it gave no answer. */
  reason(error: Error): string;
  close(): void;
}

/** Larger than what services take: theirs is the limit that counts. */
export const maxHeaderSize = 2 ** 18;

/** Shorter than services wait for the next request: one of a closed connection is lost. */
const idleMs = 4000;

export function upstreamOf(server: string): Upstream {
  const url = new URL(server);
  const { request, Agent } = url.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: idleMs, ...(usesProxies() && { proxyEnv: process.env }) });
  const place = {
    agent,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    ...(url.port !== "" && { port: url.port }),
    setHost: false,
    maxHeaderSize,
  };
  return {
    url: server,
    origin: url.origin,
    host: url.host,
    path: url.pathname.replace(/\/$/, ""),
    request: (options) => request({ ...place, ...options }),
    reason(error) {
      const { message, code } = reasonOf(error);
      return worded(message, code) + proxyHint(url);
    },
    close: () => agent.destroy(),
  };
}
