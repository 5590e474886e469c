// An exchange as an entry of HAR 1.2, with all the fields that its readers ask for.

import { byteLengthOf } from "./body.ts";
import { beyondHar, ownField } from "./own.ts";
import { type Header, headerOf, isMissing, type Recorded, type RecordedBody, reasonOf } from "./recorded.ts";

const creator = { name: "dcs-backup-records", version: "1" };

export const harStart = `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[\n`;
export const harEnd = "\n]}}\n";

/** A HAR has no unknown time. */
const unknownTime = new Date(0);

export function toHar(recorded: Recorded): string {
  const { startedAt = unknownTime, durationMs, request, response } = recorded;
  const own = beyondHar(recorded);
  return JSON.stringify({
    startedDateTime: startedAt,
    time: durationMs ?? -1,
    request: {
      method: request.method,
      url: request.url,
      ...messageOf(request),
      queryString: queryOf(request.url),
      ...(hasBody(request.body) && { postData: { mimeType: typeOf(request.headers), ...contentOf(request.body) } }),
    },
    response: isMissing(response) ? noResponse(reasonOf(response)) : responseOf(response),
    cache: {},
    timings: { send: -1, wait: durationMs ?? -1, receive: -1 },
    ...(own && { [ownField]: own }),
  });
}

type Message = Recorded["request"] | Exclude<Recorded["response"], { missing: string }>;

const messageOf = ({ httpVersion = "", headers, pseudoHeaders = [], body }: Message) => ({
  httpVersion,
  cookies: [],
  headers: [...pseudoHeaders, ...headers].map(([name, value]) => ({ name, value })),
  headersSize: -1,
  bodySize: byteLengthOf(body) ?? -1,
});

const responseOf = (response: Exclude<Recorded["response"], { missing: string }>) => ({
  status: response.status,
  statusText: response.statusText ?? "",
  ...messageOf(response),
  content: {
    size: byteLengthOf(response.body) ?? -1,
    mimeType: typeOf(response.headers),
    ...contentOf(response.body),
  },
  redirectURL: headerOf(response, "location") ?? "",
});

const noResponse = (error: string) => ({
  status: 0,
  statusText: "",
  httpVersion: "",
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: "x-unknown" },
  redirectURL: "",
  headersSize: -1,
  bodySize: -1,
  _error: error,
});

const typeOf = (headers: readonly Header[]) => headerOf({ headers }, "content-type") ?? "x-unknown";

const hasBody = (body: RecordedBody) => !("missing" in body) && !("text" in body && body.text === "");

function contentOf(body: RecordedBody) {
  if ("missing" in body) return {};
  if ("text" in body) return { text: body.text };
  const { buffer, byteOffset, length } = body.bytes;
  return { text: Buffer.from(buffer, byteOffset, length).toString("base64"), encoding: "base64" };
}

const queryOf = (url: string) =>
  [...new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "")].map(([name, value]) => ({ name, value }));
