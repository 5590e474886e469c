// What a recording of this program tells beyond what HAR has fields for. Read with care: anybody may have written it.

import { type Fields, isFields } from "../../wire/validate.ts";
import { fieldsIn, numberIn, textIn } from "./message.ts";
import {
  type Cleaned,
  type Expected,
  isMissing,
  isReason,
  type MatchingRule,
  type Missing,
  type Recorded,
  type RecordedBody,
  type RecordedRequest,
} from "./recorded.ts";

export function missingIn(value: unknown): Missing | undefined {
  if (!isFields(value) || !isReason(value.missing)) return undefined;
  const detail = textIn(value, "detail");
  const bytes = numberIn(value, "bytes");
  return { missing: value.missing, ...(detail !== undefined && { detail }), ...(bytes !== undefined && { bytes }) };
}

export const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];

export const leftOutIn = (request: Fields): Pick<RecordedRequest, "leftOut"> => {
  const leftOut = textsIn(request.leftOut);
  return leftOut.length > 0 ? { leftOut } : {};
};

export function cleanedIn(value: unknown): Pick<Recorded, "cleaned"> {
  if (!isFields(value)) return {};
  const cleaned: Cleaned = {
    secrets: numberIn(value, "secrets") ?? 0,
    repeats: numberIn(value, "repeats") ?? 0,
    echoes: textsIn(value.echoes),
  };
  return { cleaned };
}

export function expectedIn(value: unknown): Pick<Recorded, "expected"> {
  if (!isFields(value)) return {};
  const states = textsIn(value.states);
  const expected: Expected = {
    ...ofTexts(value, ["consumer", "provider", "description"]),
    ...(states.length > 0 && { states }),
    rules: (Array.isArray(value.rules) ? value.rules : []).filter(isFields).map(ruleOf),
  };
  return { expected };
}

const ruleOf = (rule: Fields): MatchingRule => ({
  of: rule.of === "request" ? "request" : "response",
  category: textIn(rule, "category") ?? "",
  path: textIn(rule, "path") ?? "",
  matches: textsIn(rule.matches),
});

/** The fields of these names that are texts. */
export function ofTexts<Name extends string>(fields: Fields, names: readonly Name[]): { [name in Name]?: string } {
  const texts: { [name in Name]?: string } = {};
  for (const name of names) {
    const text = textIn(fields, name);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** Of a HAR file; such names begin with an underscore. */
export const ownField = "_recorded";

/** What an entry of HAR has no fields for. */
export function beyondHar({ startedAt, request, response, expected, cleaned }: Recorded): Fields | undefined {
  const own = {
    ...(startedAt === undefined && { isTimeUnknown: true }),
    ...partBeyondHar("request", request),
    ...(isMissing(response) ? { response } : partBeyondHar("response", response)),
    ...(expected && { expected }),
    ...(cleaned && { cleaned }),
  };
  return Object.keys(own).length > 0 ? own : undefined;
}

function partBeyondHar(name: string, part: { body: RecordedBody; noHeaders?: Missing; leftOut?: readonly string[] }) {
  const { body, noHeaders, leftOut } = part;
  const own = {
    ...("missing" in body && { body }),
    ...(noHeaders && { noHeaders }),
    ...(leftOut && { leftOut }),
  };
  return Object.keys(own).length > 0 && { [name]: own };
}

/** An exchange of a HAR with what `beyondHar` wrote beside it. */
export function withOwn({ startedAt, request, response, ...rest }: Recorded, own: unknown): Recorded {
  if (!isFields(own)) return { ...rest, ...(startedAt && { startedAt }), request, response };
  const ofRequest = fieldsIn(own, "request");
  const ofResponse = fieldsIn(own, "response");
  return {
    ...rest,
    ...(startedAt && own.isTimeUnknown !== true && { startedAt }),
    request: { ...request, ...partOf(ofRequest), ...leftOutIn(ofRequest) },
    response: missingIn(ofResponse) ?? (isMissing(response) ? response : { ...response, ...partOf(ofResponse) }),
    ...expectedIn(own.expected),
    ...cleanedIn(own.cleaned),
  };
}

function partOf(own: Fields) {
  const body = missingIn(own.body);
  const noHeaders = missingIn(own.noHeaders);
  return { ...(body && { body }), ...(noHeaders && { noHeaders }) };
}
