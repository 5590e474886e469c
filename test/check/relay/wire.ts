// Both ends of a relay as bytes: a service that records what comes and says what a test wants, and a client.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Passed } from "../../../src/check/relay/pass.ts";
import { type Relay, type RelaySettings, startRelay } from "../../../src/check/relay/relay.ts";

export const path = "/v2/my-project/instances/my-instance/backups";

export interface RawService extends AsyncDisposable {
  url: string;
  port: number;
  /** What came, in the order of the connections. */
  received: Buffer[];
  /** Connections that are open. */
  open: Set<Socket>;
}

/** @param talk called with all bytes of a connection so far, each time that more come */
export async function rawService(talk: (socket: Socket, heard: string) => void): Promise<RawService> {
  const open = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    const at = received.push(Buffer.alloc(0)) - 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received[at] = Buffer.concat([received[at] ?? chunk, chunk]);
      talk(socket, received[at].toString("latin1"));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers as soon as there are headers. */
export const answering = (answer: string | Buffer) =>
  rawService((socket, heard) => {
    if (heard.includes("\r\n\r\n")) socket.write(Buffer.from(answer as string, "latin1"));
  });

export interface Started extends Relay, AsyncDisposable {
  passed: Passed[];
  faults: string[];
  notes: string[];
}

export async function relayTo(server: string, options: Partial<RelaySettings> = {}): Promise<Started> {
  const passed: Passed[] = [];
  const faults: string[] = [];
  const notes: string[] = [];
  const relay = await startRelay({
    server,
    host: "127.0.0.1",
    port: 0,
    timeoutMs: 5000,
    maxBodyBytes: 2 ** 20,
    onPassed: (one) => passed.push(one),
    onFault: (fault) => faults.push(fault),
    onNote: (note) => notes.push(note),
    ...options,
  });
  const { url, close } = relay;
  return {
    url,
    close,
    get elsewhere() {
      return relay.elsewhere;
    },
    passed,
    faults,
    notes,
    [Symbol.asyncDispose]: close,
  };
}

/** Sends bytes, of a string one a character, and returns all that comes until it ends with `end`, or the connection is closed. */
export async function say(url: string, bytes: string | Buffer, end?: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(Buffer.from(bytes as string, "latin1"));
  let heard = "";
  for await (const chunk of socket) {
    heard += chunk.toString("latin1");
    if (end !== undefined && heard.endsWith(end)) break;
  }
  socket.destroy();
  return heard;
}

export const lines = (...parts: string[]) => `${parts.join("\r\n")}\r\n\r\n`;
