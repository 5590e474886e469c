// Takes the secrets out of an exchange, wherever in it they stand. That there were some can still be seen.

import { hasSecret, isLongEnough, isSecretHeader } from "../../wire/redact.ts";
import { byteLengthOf } from "./body.ts";
import { isCleaned, malformedMark, mark, unfilledMark } from "./message.ts";
import {
  type Cleaned,
  type Header,
  isMissing,
  type Recorded,
  type RecordedBody,
  type RecordedRequest,
  type RecordedResponse,
} from "./recorded.ts";
import { withoutSecrets } from "./secrets.ts";

/** What was found at the places of secrets. */
interface Taken {
  /** How many. */
  count: number;
  /** What is looked for elsewhere. */
  sought: Set<string>;
  /** Of these, what no response may repeat: those of the request, but for access keys, which are IDs. */
  ofRequest: Set<string>;
}

/** The same exchange without its secrets, and with the count of them. Of one that is clean it changes nothing. */
export function clean({ secrets: beside = [], ...recorded }: Recorded): Recorded {
  const taken: Taken = { count: 0, sought: new Set(beside.filter(isTelling)), ofRequest: new Set() };
  const request = cleanRequest(recorded.request, taken);
  const response = isMissing(recorded.response) ? recorded.response : cleanResponse(recorded.response, taken);
  const echoes = isMissing(recorded.response) ? [] : echoesIn(recorded.response, [...taken.ofRequest]);
  const { hide, repeats } = hider([...taken.sought]);
  const hidden = {
    ...recorded,
    request: { ...withHidden(request, hide), url: hide(request.url) },
    response: isMissing(response) ? response : withHidden(response, hide),
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
    // Of a form or of JSON, nobody knows what in it is secret; this call has none.
    body: isEmpty || "missing" in body ? body : { missing: "cleaned", ...(bytes !== undefined && { bytes }) },
  };
}

const cleanResponse = (response: RecordedResponse, taken: Taken): RecordedResponse => ({
  ...response,
  headers: response.headers.map((header) => cleanHeader(header, taken, false)),
  body: cleanFields(response.body, taken),
});

/** A secret that others may find by chance, such as the name of a city in a cookie, is not looked for elsewhere. */
const isTelling = (secret: string) =>
  isLongEnough(secret) && !isCleaned(secret) && (/[\dA-Z]/.test(secret) || secret.length > 16);

function take(secret: string, taken: Taken, isOfRequest: boolean, replacement = mark): string {
  if (secret.trim() === "" || isCleaned(secret)) return secret;
  taken.count += 1;
  note(secret, taken, isOfRequest);
  return replacement;
}

function note(secret: string, { sought, ofRequest }: Taken, isOfRequest: boolean): void {
  if (!isTelling(secret)) return;
  sought.add(secret);
  if (isOfRequest) ofRequest.add(secret);
}

/** Headers with addresses. */
const hasAddress = /^(referer|location|content-location)$/;

/** What servers ask for, and what they allow: no secrets. */
const isPublic = /^(www-authenticate|proxy-authenticate|access-control-.*)$/;

function cleanHeader([written, value]: Header, taken: Taken, isOfRequest: boolean): Header {
  const name = written.toLowerCase();
  if (hasAddress.test(name)) return [written, cleanUrl(value, taken, isOfRequest)];
  if (!isSecretHeader(name) || isPublic.test(name)) return [written, value];
  if (name === "cookie" || name === "set-cookie")
    for (const secret of cookieValues(value)) note(secret, taken, isOfRequest);
  if (/^(proxy-)?authorization$/.test(name)) return [written, cleanAuthorization(value, taken, isOfRequest)];
  return [written, take(value, taken, isOfRequest, isUnfilled(value) ? unfilledMark : mark)];
}

const cookieValues = (value: string) => value.split(/[;,]/).map((pair) => pair.slice(pair.indexOf("=") + 1).trim());

/** What programs send for a token that they were not given. */
const isUnfilled = (value: string) =>
  /^(undefined|null|none|nan|\[object Object\]|%7B.*%7D|\{.*\}|%3C.*%3E|<.*>|\$.*|:[a-z_]+)$/i.test(value);

/** A signature keeps its algorithm and the names of the headers that it covers; others keep the name of their scheme. */
function cleanAuthorization(value: string, taken: Taken, isOfRequest: boolean): string {
  if (/\b(Access|Signature)=/.test(value)) {
    return value
      .replace(
        /\bAccess=([^,]*)/,
        (_, accessKey) => `Access=${take(accessKey, taken, false, markOf(/^\S+$/, accessKey))}`,
      )
      .replace(/\bSignature=(.*)$/s, (_, signature) => {
        return `Signature=${take(signature, taken, isOfRequest, markOf(/^[0-9a-f]{64}$/, signature))}`;
      });
  }
  const [, scheme = "", secret = value] = /^([\w-]+ )(\S.*)$/s.exec(value) ?? [];
  note(value, taken, isOfRequest);
  if (/^basic /i.test(scheme))
    note(Buffer.from(secret, "base64").toString().split(":").slice(1).join(":"), taken, isOfRequest);
  return scheme + take(secret, taken, isOfRequest);
}

const markOf = (form: RegExp, value: string) => (form.test(value) ? mark : malformedMark);

/** Without secret parameters, and without a name and password before the host. */
function cleanUrl(url: string, taken: Taken, isOfRequest: boolean): string {
  const [, start = "", query = "", end = ""] = /^([^?#]*)(\?[^#]*)?(.*)$/s.exec(url) ?? [];
  const path = start.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/@]+)@/i, (_, scheme: string, user: string) => {
    for (const part of user.split(":")) note(decoded(part), taken, isOfRequest);
    return `${scheme}${take(user, taken, isOfRequest)}@`;
  });
  const pairs = query.replace(/([?&])([^=&]+)=([^&]*)/g, (pair, sign: string, name: string, value: string) => {
    if (!isSecretHeader(decoded(name).toLowerCase())) return pair;
    note(decoded(value), taken, isOfRequest);
    return `${sign}${name}=${take(value, taken, isOfRequest)}`;
  });
  return path + pairs + end;
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
  if (!("text" in body)) return body;
  const text = body.text.replace(/("([^"\\]{1,64})"\s*:\s*")((?:[^"\\]|\\.)*)"/g, (pair, before, name, value) =>
    isSecretHeader(name.toLowerCase()) ? `${before}${take(value, taken, false)}"` : pair,
  );
  return { text };
}

/** Where a response repeats a secret. */
function echoesIn({ headers, body }: RecordedResponse, secrets: readonly string[]): string[] {
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

function hiddenBody(body: RecordedBody, hide: (text: string) => string): RecordedBody {
  if ("missing" in body) return body;
  if ("text" in body) return { text: hide(body.text) };
  const text = Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.length).toString("latin1");
  return { bytes: Buffer.from(hide(text), "latin1") };
}
