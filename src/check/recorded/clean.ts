// Takes the secrets out of an exchange, wherever in it they stand. That there were some can still be seen.

import { hasSecret, isLongEnough, isSecretHeader } from "../../wire/redact.ts";
import { byteLengthOf } from "./body.ts";
import { malformedMark, mark, unfilledMark } from "./message.ts";
import {
  type Cleaned,
  type Header,
  isMissing,
  type Missing,
  type Recorded,
  type RecordedBody,
  type RecordedRequest,
  type RecordedResponse,
} from "./recorded.ts";
import { withoutSecrets } from "./secrets.ts";

/** What was found at the places of secrets. */
interface Taken {
  /** Of the request's address: what it has is no secret of a cookie. */
  path: string;
  /** How many. */
  count: number;
  /** What is looked for elsewhere. */
  sought: Set<string>;
  /** Of these, what no response may repeat: those of the request, but for access keys, which are IDs, and cookies. */
  ofRequest: Set<string>;
  /** Also those that are too short to be looked for. */
  all: Set<string>;
}

const nothingOf = ({ url }: RecordedRequest): Taken => ({
  path: url.replace(/[?#].*$/s, ""),
  count: 0,
  sought: new Set(),
  ofRequest: new Set(),
  all: new Set(),
});

/** What no report may show of an exchange. */
export function secretsIn(recorded: Recorded): string[] {
  const { secrets = [], request, response } = recorded;
  const taken = nothingOf(request);
  for (const secret of secrets) noteLikely(secret, taken);
  cleanRequest(request, taken);
  if (!isMissing(response)) cleanResponse(response, taken);
  return [...taken.all];
}

/** What no response to a request may repeat. */
export function credentialsIn(request: RecordedRequest): string[] {
  const taken = nothingOf(request);
  cleanRequest(request, taken);
  return [...taken.ofRequest];
}

/** The same exchange without its secrets, and with the count of them. Of one that is clean it changes nothing. */
export function clean({ secrets: beside = [], ...recorded }: Recorded): Recorded {
  const taken = nothingOf(recorded.request);
  for (const secret of beside) noteLikely(secret, taken);
  const request = cleanRequest(recorded.request, taken);
  const response = isMissing(recorded.response) ? recorded.response : cleanResponse(recorded.response, taken);
  const echoes = isMissing(recorded.response) ? [] : echoesIn(recorded.response, [...taken.ofRequest]);
  const { hide, repeats } = hider([...taken.sought]);
  const hidden = {
    ...recorded,
    request: { ...withHidden(request, hide), url: hide(request.url) },
    response: isMissing(response) ? hiddenDetail(response, hide) : withHidden(response, hide),
  };
  if (taken.count === 0 && repeats() === 0) return hidden;
  return { ...hidden, cleaned: added(recorded.cleaned, { secrets: taken.count, repeats: repeats(), echoes }) };
}

const added = (before: Cleaned | undefined, now: Cleaned): Cleaned => ({
  secrets: (before?.secrets ?? 0) + now.secrets,
  repeats: (before?.repeats ?? 0) + now.repeats,
  echoes: [...new Set([...(before?.echoes ?? []), ...now.echoes])],
});

function cleanRequest(request: RecordedRequest, taken: Taken): RecordedRequest {
  const { body } = request;
  const isEmpty = "text" in body && body.text === "";
  if (!isEmpty && !("missing" in body)) taken.count += 1;
  const bytes = byteLengthOf(body);
  return {
    ...request,
    url: cleanUrl(request.url, taken, true),
    headers: request.headers.map((header) => cleanHeader(header, taken, true)),
    ...(request.pseudoHeaders && {
      pseudoHeaders: request.pseudoHeaders.map((header) => cleanHeader(header, taken, true)),
    }),
    // Of a form or of JSON, nobody knows what in it is secret; this call has none.
    body: isEmpty || "missing" in body ? body : { missing: "cleaned", ...(bytes !== undefined && { bytes }) },
  };
}

const cleanResponse = (response: RecordedResponse, taken: Taken): RecordedResponse => ({
  ...response,
  headers: response.headers.map((header) => cleanHeader(header, taken, false)),
  body: cleanFields(response.body, taken),
});

/** What stands in place of a secret already. */
const isMark = (value: string) => value === mark || value === unfilledMark || value === malformedMark;

function take(secret: string, taken: Taken, isOfRequest: boolean, replacement = mark): string {
  note(secret, taken, isOfRequest);
  return takeUnsought(secret, taken, replacement);
}

/** The same for a value of which only parts are looked for. */
function takeUnsought(value: string, taken: Taken, replacement = mark): string {
  if (value.trim() === "" || isMark(value)) return value;
  taken.count += 1;
  return replacement;
}

/** Looks for it elsewhere from now on. */
function note(secret: string, { sought, ofRequest, all }: Taken, isOfRequest: boolean): void {
  if (secret !== "" && !isMark(secret)) all.add(secret);
  if (!isLongEnough(secret) || isMark(secret)) return;
  sought.add(secret);
  if (isOfRequest) ofRequest.add(secret);
}

/** The same for what need not be one: a cookie may hold the name of a city, or an ID that the address has as well. */
function noteLikely(value: string, taken: Taken): void {
  if (/[\dA-Z]/.test(value) && !taken.path.includes(value)) note(value, taken, false);
}

/** Headers with addresses. */
const hasAddress = /^(:path|referer|location|content-location)$/;

/** What servers ask for, and what they allow: no secrets. */
const isPublic = /^(:.*|www-authenticate|proxy-authenticate|access-control-.*)$/;

function cleanHeader([written, value]: Header, taken: Taken, isOfRequest: boolean): Header {
  const name = written.toLowerCase();
  if (hasAddress.test(name)) return [written, cleanUrl(value, taken, isOfRequest)];
  if (!isSecretHeader(name) || isPublic.test(name)) return [written, value];
  if (name === "cookie" || name === "set-cookie") {
    for (const one of cookieValues(value)) noteLikely(one, taken);
    return [written, takeUnsought(value, taken)];
  }
  if (/^(proxy-)?authorization$/.test(name)) return [written, cleanAuthorization(value, taken, isOfRequest)];
  return [written, isUnfilled(value) ? takeUnsought(value, taken, unfilledMark) : take(value, taken, isOfRequest)];
}

const cookieValues = (value: string) => value.split(/[;,]/).map((pair) => pair.slice(pair.indexOf("=") + 1).trim());

/** What programs send for a token that they were not given. */
const isUnfilled = (value: string) =>
  /^(undefined|null|none|nan|\[object Object\]|%7B.*%7D|\{.*\}|%3C.*%3E|<.*>|\$.*|:[a-z_]+)$/i.test(value);

/** A signature keeps its algorithm and the names of the headers that it covers; others keep the name of their scheme. */
function cleanAuthorization(value: string, taken: Taken, isOfRequest: boolean): string {
  if (/\b(Access|Credential|Signature)=/.test(value)) return cleanSignature(value, taken, isOfRequest);
  const [, scheme = "", secret = value] = /^([\w-]+ )(\S.*)$/s.exec(value) ?? [];
  note(value, taken, isOfRequest);
  if (/^basic /i.test(scheme))
    note(Buffer.from(secret, "base64").toString().split(":").slice(1).join(":"), taken, isOfRequest);
  return scheme + take(secret, taken, isOfRequest);
}

function cleanSignature(value: string, taken: Taken, isOfRequest: boolean): string {
  const [, scheme = "", list = value] = /^([\w-]{1,32} )(.*)$/s.exec(value) ?? [];
  const parts = list.split(",").map((part) => {
    const [, name = "", text = part] = /^(\s*[A-Za-z]+=)(.*)$/s.exec(part) ?? [];
    if (name.trim() === "SignedHeaders=" && /^[\w;-]*$/.test(text)) return part;
    const isSecret = name.trim() !== "Access=";
    const form = isSecret ? /^[0-9a-f]{64}$/ : /^\S+$/;
    return name + take(text, taken, isOfRequest && isSecret, form.test(text) ? mark : malformedMark);
  });
  return scheme + parts.join(",");
}

/** Without secret parameters, and without a name and password before the host. */
function cleanUrl(url: string, taken: Taken, isOfRequest: boolean): string {
  const [, start = "", query = "", end = ""] = /^([^?#]*)(\?[^#]*)?(.*)$/s.exec(url) ?? [];
  const path = start.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/@]+)@/i, (_, scheme: string, user: string) => {
    for (const part of user.split(":")) note(decoded(part), taken, isOfRequest);
    return `${scheme}${take(user, taken, isOfRequest)}@`;
  });
  const pairs = (query + end).replace(
    /([?&#])([^=&#]+)=([^&#]*)/g,
    (pair, sign: string, name: string, value: string) => {
      if (!isSecretHeader(decoded(name).toLowerCase())) return pair;
      note(decoded(value), taken, isOfRequest);
      return `${sign}${name}=${take(value, taken, isOfRequest)}`;
    },
  );
  return path + pairs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Fields of JSON whose names tell that they are secret: other calls of a recording hand out tokens and keys. */
function cleanFields(body: RecordedBody, taken: Taken): RecordedBody {
  if (!("text" in body) || !isSecretHeader(body.text.toLowerCase())) return body;
  const text = body.text.replace(/("([^"\\]{1,64})"\s*:\s*")((?:[^"\\]|\\.)*)"/g, (pair, before, name, value) => {
    if (!isSecretHeader(name.toLowerCase())) return pair;
    noteLikely(value, taken);
    return `${before}${takeUnsought(value, taken)}"`;
  });
  return { text };
}

/** Where a response repeats a secret: `body`, or the name of a header. */
export function echoesIn({ headers, body }: RecordedResponse, secrets: readonly string[]): string[] {
  if (secrets.length === 0) return [];
  const names = headers.filter(([, value]) => hasSecret(value, secrets)).map(([name]) => name);
  return "text" in body && hasSecret(body.text, secrets) ? [...names, "body"] : names;
}

function hider(secrets: readonly string[]) {
  let count = 0;
  const hide = (text: string): string => {
    const found = withoutSecrets(text, secrets);
    count += found.count;
    return found.text;
  };
  return { hide: secrets.length === 0 ? (text: string) => text : hide, repeats: () => count };
}

function withHidden<T extends RecordedRequest | RecordedResponse>(part: T, hide: (text: string) => string): T {
  return {
    ...part,
    headers: part.headers.map(([name, value]): Header => [name, hide(value)]),
    ...(part.pseudoHeaders && {
      pseudoHeaders: part.pseudoHeaders.map(([name, value]): Header => [name, hide(value)]),
    }),
    ...("statusText" in part && part.statusText !== undefined && { statusText: hide(part.statusText) }),
    body: hiddenBody(part.body, hide),
  };
}

const hiddenDetail = (missing: Missing, hide: (text: string) => string): Missing =>
  missing.detail === undefined ? missing : { ...missing, detail: hide(missing.detail) };

function hiddenBody(body: RecordedBody, hide: (text: string) => string): RecordedBody {
  if ("missing" in body) return hiddenDetail(body, hide);
  if ("text" in body) return { text: hide(body.text) };
  const text = Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.length).toString("latin1");
  return { bytes: Buffer.from(hide(text), "latin1") };
}
