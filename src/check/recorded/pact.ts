// The interactions of a Pact file, of version 1 to 4 of its specification, as exchanges that a consumer expects.

import { type Fields, isFields, isJson } from "../../wire/validate.ts";
import { fromBytes } from "./body.ts";
import { fieldsIn, numberIn, textIn } from "./message.ts";
import { ofTexts } from "./own.ts";
import {
  type Expected,
  type Header,
  headerOf,
  type MatchingRule,
  type Place,
  type Recorded,
  type RecordedBody,
} from "./recorded.ts";

/** @returns of each interaction over HTTP its number, counted from 1 among all, and its exchange; `undefined` if it is none */
export function fromPact(pact: Fields, file: string): { number: number; recorded: Recorded | undefined }[] {
  const names = {
    ...ofName("consumer", pact.consumer),
    ...ofName("provider", pact.provider),
  };
  const isVersion4 = /^4/.test(versionOf(fieldsIn(pact, "metadata")));
  const interactions = Array.isArray(pact.interactions) ? pact.interactions : [];
  return interactions
    .map((interaction, index) => ({ interaction, number: index + 1 }))
    .filter(({ interaction }) => isOverHttp(interaction))
    .map(({ interaction, number }) => ({
      number,
      recorded: fromInteraction(interaction, { file, entry: number }, names, isVersion4),
    }));
}

const versionOf = (metadata: Fields): string =>
  textIn(fieldsIn(metadata, "pactSpecification"), "version") ?? textIn(metadata, "pactSpecificationVersion") ?? "";

const ofName = (role: string, value: unknown) => {
  const name = textIn(Object(value), "name");
  return name === undefined ? {} : { [role]: name };
};

/** The others are of messages; before version 4 they stood elsewhere. */
const isOverHttp = (interaction: unknown) => [undefined, "Synchronous/HTTP"].includes(Object(interaction).type);

function fromInteraction(interaction: unknown, place: Place, names: Fields, isVersion4: boolean): Recorded | undefined {
  if (!isFields(interaction) || !isFields(interaction.request)) return undefined;
  const { request } = interaction;
  const response = fieldsIn(interaction, "response");
  const query = queryOf(request.query);
  const expected: Expected = {
    ...names,
    ...ofTexts(interaction, ["description"]),
    ...statesOf(interaction),
    rules: [...rulesOf("request", request.matchingRules), ...rulesOf("response", response.matchingRules)],
  };
  const bodyOfRequest = bodyOf(request, isVersion4);
  return {
    place,
    request: {
      method: (textIn(request, "method") ?? "GET").toUpperCase(),
      url: `${textIn(request, "path") ?? "/"}${query && "?"}${query}`,
      ...bodyOfRequest,
      body: "missing" in bodyOfRequest.body ? { text: "" } : bodyOfRequest.body,
    },
    response: { status: numberIn(response, "status") ?? 200, ...bodyOf(response, isVersion4) },
    expected,
  };
}

/** A text in version 2; from version 3 on a list of values for each name. */
function queryOf(query: unknown): string {
  if (typeof query === "string") return query.replace(/^\?/, "");
  if (!isFields(query)) return "";
  return Object.entries(query)
    .flatMap(([name, values]) => [values].flat().map((value) => [name, String(value ?? "")] as const))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
}

function statesOf({ providerState, provider_state: older, providerStates }: Fields): Pick<Expected, "states"> {
  const named = (Array.isArray(providerStates) ? providerStates : []).map((state) => Object(state).name);
  const states = [providerState, older, ...named].filter((state) => typeof state === "string");
  return states.length > 0 ? { states } : {};
}

const headersOf = (headers: unknown): Header[] =>
  Object.entries(isFields(headers) ? headers : {}).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, String(value)] as const),
  );

/** What a part says of its body, and its headers with the media type that the body names. */
function bodyOf(part: Fields, isVersion4: boolean): { headers: Header[]; body: RecordedBody } {
  const headers = headersOf(part.headers);
  if (!("body" in part)) return { headers, body: { missing: "not-expected" } };
  const { body } = part;
  if (!isVersion4) return { headers, body: contentOf(body, headerOf({ headers }, "content-type")) };
  if (!isFields(body) || !("content" in body)) return { headers, body: { missing: "not-expected" } };
  const given = headerOf({ headers }, "content-type");
  const mediaType = textIn(body, "contentType") ?? given;
  const all: Header[] = given === undefined && mediaType ? [...headers, ["Content-Type", mediaType]] : headers;
  const { content, encoded } = body;
  if (typeof content === "string" && typeof encoded === "string") {
    const isBase64 = encoded.toLowerCase() === "base64";
    return { headers: all, body: isBase64 ? fromBytes(Buffer.from(content, "base64")) : { text: content } };
  }
  return { headers: all, body: contentOf(content, mediaType) };
}

/** JSON stands there as JSON; a text may be one of JSON, or already be JSON as text. */
function contentOf(content: unknown, mediaType: string | undefined): RecordedBody {
  if (content === null || content === undefined) return { text: "" };
  if (typeof content !== "string") return { text: JSON.stringify(content) };
  const isText = !mediaType?.includes("json") || content === "" || isJson(content);
  return { text: isText ? content : JSON.stringify(content) };
}

/** In version 2 a path such as `$.body.size`, with one rule; later, by category, a path such as `$.size` with a list of them. */
function rulesOf(of: MatchingRule["of"], given: unknown): MatchingRule[] {
  return Object.entries(isFields(given) ? given : {}).flatMap(([key, rules]): MatchingRule[] => {
    if (!isFields(rules)) return [];
    if (key.startsWith("$")) {
      const [, category = "", rest = ""] = /^\$\.(\w+)(.*)$/s.exec(key) ?? [];
      const path = category === "body" ? `$${rest}` : rest.replace(/^[.[]'?|'?\]$/g, "");
      return [{ of, category: category.replace(/s$/, ""), path, matches: namesOf([rules]) }];
    }
    // Of a path there is only one, so its rules have no name.
    const named = Array.isArray(rules.matchers) ? { "": rules } : rules;
    return Object.entries(named).map(([path, one]) => ({
      of,
      category: key,
      path,
      matches: namesOf(Object(one).matchers),
    }));
  });
}

/** Version 2 leaves the name out where the rule says it: a pattern, or a least length of a list. */
const namesOf = (matchers: unknown): string[] =>
  (Array.isArray(matchers) ? matchers : [])
    .map((matcher) => Object(matcher))
    .map(({ match, regex }) => (typeof match === "string" ? match : regex === undefined ? "type" : "regex"));
