// Servers that speak something else than this check does, which is HTTP/1.1: the fault is not theirs.

import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

export const onlyHttp2 = "The server speaks only HTTP/2, which this check does not";
const onlyTls = "The server speaks TLS at that port: its URL begins with https://";
const other = (protocol: string) => `The server speaks ${protocol}, and not HTTP: check the host and port of its URL`;

/** What is no HTTP, by its first bytes: as hexadecimal digits, or as text. */
const binary: readonly (readonly [RegExp, string])[] = [
  [/^00....0[47]0000000000/, onlyHttp2], // a frame on the connection itself: SETTINGS or GOAWAY
  [/^1503/, onlyTls], // an alert
  [/^......000a3\d/, other("MySQL")],
];
const textual: readonly (readonly [RegExp, string])[] = [
  [/^SSH-/, other("SSH")],
  [/^(220|554)[ -]/, other("SMTP or FTP")],
  [/^(\+OK|-[A-Z]+)\s/, other("Redis or POP3")],
  [/^\* (OK|BYE)\s/, other("IMAP")],
  [/^AMQP/, other("AMQP")],
];

export function spokenInstead(answer: string): string | undefined {
  const digits = Buffer.from(answer.slice(0, 10), "latin1").toString("hex");
  const [, told] = binary.find(([form]) => form.test(digits)) ?? textual.find(([form]) => form.test(answer)) ?? [];
  return told;
}

/** What a status says that refuses HTTP/1.1; `wanted` is the header Upgrade. */
export function versionRefused(status: number, wanted: string | null): string | undefined {
  if (status !== 426 && status !== 505) return undefined;
  const instead = wanted === null ? "" : `, and wants ${wanted}`;
  return `HTTP ${status}: the server takes no HTTP/1.1${instead}; this check speaks nothing else`;
}

/** What a server speaks at a port where it turned HTTP/1.1 away, perhaps without a word. No request is sent. */
export async function spokenAt(url: URL, signal: AbortSignal): Promise<string | undefined> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const name = isIP(host) ? {} : { servername: host };
  const tls = connectTls({ host, port: Number(url.port || 80), rejectUnauthorized: false, ...name });
  if (await comes("secureConnect", tls, signal)) return onlyTls;
  return (await comes("remoteSettings", connectHttp2(url), signal)) ? onlyHttp2 : undefined;
}

async function comes(event: string, connection: TLSSocket | ClientHttp2Session, signal: AbortSignal): Promise<boolean> {
  const closed = new AbortController();
  connection.on("close", () => closed.abort()).on("error", () => {});
  try {
    await once(connection, event, { signal: AbortSignal.any([signal, closed.signal]) });
    return true;
  } catch (error) {
    return /_ALERT_/.test(String((error as NodeJS.ErrnoException).code)); // TLS is refused in the words of TLS
  } finally {
    connection.destroy();
  }
}
