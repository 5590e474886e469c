// The mistakes that are made again and again when a request is signed by hand. Each is tried, alone and with another one: if
// one makes the signature that was sent, that is what went wrong.

import { encode, type Pair, sorted, writeQuery } from "../wire/signature-algorithm.ts";
import { canonicalRequest, type SignedRequest, type Signing, sha256, signatureOf, unsigned } from "./signed-request.ts";

interface Mistake {
  /** After "The signature was made with". */
  told: string;
  change: (signing: Signing) => Partial<Signing>;
}

/** A request with more signed headers is a rare one, and each makes the search longer. */
const mostHeaders = 8;

/** A request with a longer canonical form is none of this call, and two mistakes would be searched for too long. */
const longest = 8192;

/**
 * The mistake, or the two, that make this signature.
 * @param signature of the client
 */
export function findMistakes(request: SignedRequest, accessKey: string, signature: string): string[] | undefined {
  const { signing } = request;
  const made = new Map<string, Mistake>();
  for (const mistake of mistakesIn(request, accessKey)) {
    const result = signatureOf({ ...signing, ...mistake.change(signing) });
    if (result === signature) return [mistake.told];
    if (!made.has(result)) made.set(result, mistake);
  }
  if (canonicalRequest(signing).length > longest) return undefined;
  made.delete(signatureOf(signing));
  const mistakes = [...made.values()];
  for (const [at, first] of mistakes.entries()) {
    const begun = { ...signing, ...first.change(signing) };
    for (const second of mistakes.slice(at + 1)) {
      if (signatureOf({ ...begun, ...second.change(begun) }) === signature) return [first.told, second.told];
    }
  }
  return undefined;
}

/** In an order in which one can follow another: what takes a part anew stands before what changes it. */
export const mistakesIn = (request: SignedRequest, accessKey: string): Mistake[] => [
  ...methodMistakes,
  ...pathMistakes(request),
  ...queryMistakes(request),
  ...headerMistakes(request),
  ...bodyMistakes(request),
  ...textMistakes,
  ...signatureMistakes(accessKey),
];

const methodMistakes: Mistake[] = [
  { told: "the method in lower case", change: ({ method }) => ({ method: method.toLowerCase() }) },
  { told: "GET as the method", change: () => ({ method: "GET" }) },
];

const pathMistakes = ({ sent }: SignedRequest): Mistake[] => [
  { told: "the path as it was sent, not encoded anew", change: () => ({ path: sent.path.replace(/\/?$/, "/") }) },
  { told: "the path not encoded", change: ({ path }) => ({ path: decode(path) }) },
  {
    told: "the path encoded twice",
    change: ({ path }) => ({ path: path.split("/").map(encode).join("/") }),
  },
  { told: "the slashes of the path encoded", change: ({ path }) => ({ path: path.replaceAll("/", "%2F") }) },
  ...escapes("the path", "path"),
  { told: "the path without a slash at its end", change: ({ path }) => ({ path: path.replace(/\/$/, "") }) },
  { told: "only / as the path", change: () => ({ path: "/" }) },
];

function queryMistakes({ sent }: SignedRequest): Mistake[] {
  const byName = (pairs: Pair[]) => pairs.sort(([a], [b]) => Number(a > b) - Number(a < b));
  const last = [...new Map(sent.parameters)];
  const first = [...new Map([...sent.parameters].reverse())];
  const plus = sorted([...new URLSearchParams(sent.query.replaceAll("+", "%2B"))]);
  return [
    { told: "the query left out", change: () => ({ query: "" }) },
    { told: "the query not sorted", change: () => ({ query: writeQuery(sent.parameters) }) },
    {
      told: "the query sorted by name, but not by value",
      change: () => ({ query: writeQuery(byName([...sent.parameters])) }),
    },
    { told: "only the last value of a repeated parameter", change: () => ({ query: writeQuery(byName(last)) }) },
    { told: "only the first value of a repeated parameter", change: () => ({ query: writeQuery(byName(first)) }) },
    { told: "the query as it was sent, not encoded anew", change: () => ({ query: sent.query }) },
    { told: "%2B in the query where a space was sent, as +", change: () => ({ query: writeQuery(plus) }) },
    ofQuery("the query not encoded", decode),
    ofQuery("the query encoded twice", encode),
    ...escapes("the query", "query"),
    { told: "+ for a space in the query", change: ({ query }) => ({ query: query.replaceAll("%20", "+") }) },
    {
      told: "no = after a parameter without a value",
      change: ({ query }) => ({ query: query.replace(/=(?=&|$)/g, "") }),
    },
    {
      told: "the parameters without a value left out",
      change: ({ query }) => ({ query: query.replace(/(^|&)[^=&]*=(?=&|$)/g, "").replace(/^&/, "") }),
    },
    { told: "a ? before the query", change: ({ query }) => ({ query: `?${query}` }) },
  ];
}

/** @param change of a name or a value */
const ofQuery = (told: string, change: (text: string) => string): Mistake => ({
  told,
  change: ({ query }) => ({ query: query.replace(/[^=&]+/g, change) }),
});

const escapes = (what: string, part: "path" | "query"): Mistake[] => [
  {
    told: `${what} with !'()* not encoded`,
    change: ({ [part]: text }) => ({ [part]: text.replace(/%2[1789A]/g, decode) }),
  },
  { told: `${what} with %7E for ~`, change: ({ [part]: text }) => ({ [part]: text.replaceAll("~", "%7E") }) },
  {
    told: `${what} with escapes in lower case`,
    change: ({ [part]: text }) => ({ [part]: text.replace(/%../g, (triplet) => triplet.toLowerCase()) }),
  },
];

function headerMistakes({ sent }: SignedRequest): Mistake[] {
  const listed = sent.signedHeaders.map((name) => name.toLowerCase());
  const arrived = sent.headers.filter((name) => listed.includes(name));
  const isSpelled = sent.signedHeaders.some((name) => !listed.includes(name));
  const spelled = new Map(sent.signedHeaders.map((name) => [name.toLowerCase(), isSpelled ? name : inCapitals(name)]));
  const spell = (name: string) => spelled.get(name) ?? name;
  const spellLines = (headers: string) => headers.replace(/^[^:\n]+/gm, spell);
  const spellNames = (names: string) => names.split(";").map(spell).join(";");
  return [
    {
      told: "the headers not sorted, but in the order of Authorization",
      change: ({ headers }) => ({ headers: inOrder(headers, listed), names: listed.join(";") }),
    },
    ofHeaders("the lines of the headers in the order of Authorization", (headers) => inOrder(headers, listed)),
    ofHeaders("the lines of the headers in the order in which they were sent", (headers) => inOrder(headers, arrived)),
    ofNames("SignedHeaders in the order of Authorization", () => listed.join(";")),
    ofNames("SignedHeaders in the order in which the headers were sent", () => arrived.join(";")),
    ...listed.slice(0, mostHeaders).flatMap(mistakesWith),
    ofHeaders("the host without its port", (headers) => headers.replace(/^(host:.*):\d+$/m, "$1")),
    ...[80, 443].map((port) =>
      ofHeaders(`the host with the port ${port}`, (headers) => headers.replace(/^host:.*$/m, `$&:${port}`)),
    ),
    {
      told: "the names of the headers not in lower case",
      change: ({ headers, names }) => ({ headers: spellLines(headers), names: spellNames(names) }),
    },
    ofHeaders("the names in the lines of the headers not in lower case", spellLines),
    ofNames("SignedHeaders not in lower case", spellNames),
    ofNames("commas in SignedHeaders, not semicolons", (names) => names.replaceAll(";", ",")),
    ofHeaders("a space after the colon of each header", (headers) => headers.replace(/^([^:\n]*):/gm, "$1: ")),
    ofHeaders("the lines of the headers without the last line break", (headers) => headers.replace(/\n$/, "")),
  ];
}

/** The mistakes that are made with a single header. A space around its value is lost on the way. */
const mistakesWith = (name: string): Mistake[] => {
  const line = (change: (line: string) => string) => (headers: string) =>
    linesOf(headers)
      .map((line) => (line.startsWith(`${name}:`) ? change(line) : line))
      .join("");
  const [before, after, without] = [
    line((line) => line.replace(":", ": ")),
    line((line) => line.replace(/\n$/, " \n")),
    line(() => ""),
  ];
  return [
    ofHeaders(`the value of ${name} not trimmed: a space before it`, before),
    ofHeaders(`the value of ${name} not trimmed: a space after it`, after),
    ofHeaders(`the value of ${name} not trimmed: a space before and after it`, (headers) => after(before(headers))),
    ofHeaders(`no line for ${name}`, without),
    {
      told: `${name} left out`,
      change: ({ headers, names }) => ({
        headers: without(headers),
        names: names
          .split(";")
          .filter((other) => other !== name)
          .join(";"),
      }),
    },
  ];
};

const ofHeaders = (told: string, change: (headers: string) => string): Mistake => ({
  told,
  change: ({ headers }) => ({ headers: change(headers) }),
});

const ofNames = (told: string, change: (names: string) => string): Mistake => ({
  told,
  change: ({ names }) => ({ names: change(names) }),
});

const linesOf = (headers: string): string[] => headers.match(/.*\n/g) ?? [];

function inOrder(headers: string, names: string[]): string {
  const place = (line: string) => names.indexOf(line.slice(0, line.indexOf(":")));
  return linesOf(headers)
    .sort((a, b) => place(a) - place(b))
    .join("");
}

/** As names of headers are often spelled, if Authorization does not tell how the client spells them. */
const inCapitals = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

const bodyMistakes = ({ sent }: SignedRequest): Mistake[] => [
  { told: "the hash of the body, not what X-Sdk-Content-Sha256 says", change: () => ({ bodyHash: sent.bodyHash }) },
  ...["", "{}", "null", '""', unsigned].map((body) => ({
    told: `the hash of ${body || "nothing"}, not of the body`,
    change: () => ({ bodyHash: sha256(body) }),
  })),
  { told: `${unsigned} in place of the hash of the body`, change: () => ({ bodyHash: unsigned }) },
  { told: "nothing in place of the hash of the body", change: () => ({ bodyHash: "" }) },
  { told: "the line of the hash of the body left out", change: () => ({ bodyHash: undefined }) },
  {
    told: "the hash of the body in upper case",
    change: ({ bodyHash }) => ({ bodyHash: bodyHash?.toUpperCase() }),
  },
];

const otherAlgorithms = ["HMAC-SHA256", "AWS4-HMAC-SHA256", "V11-HMAC-SHA256", "SDK-HMAC-SM3", "sdk-hmac-sha256"];

const textMistakes: Mistake[] = [
  ...otherAlgorithms.map((algorithm) => ({
    told: `${algorithm} in the string to sign`,
    change: () => ({ algorithm }),
  })),
  { told: "the string to sign without the algorithm", change: () => ({ algorithm: undefined }) },
  { told: "the string to sign without the date", change: () => ({ date: undefined }) },
  {
    told: "only the day of X-Sdk-Date in the string to sign",
    change: ({ date }) => ({ date: date?.slice(0, "YYYYMMDD".length) }),
  },
  {
    told: "the canonical request itself in the string to sign, not its hash",
    change: () => ({ hash: (request) => request }),
  },
  {
    told: "the canonical request in place of the string to sign",
    change: () => ({ algorithm: undefined, date: undefined, hash: (request) => request }),
  },
  {
    told: "the hash of the canonical request in upper case",
    change: () => ({ hash: (request) => sha256(request).toUpperCase() }),
  },
  {
    told: "a line break at the end of the canonical request",
    change: ({ ends }) => ({ ends: { ...ends, request: "\n" } }),
  },
  {
    told: "a line break at the end of the string to sign",
    change: ({ ends }) => ({ ends: { ...ends, text: "\n" } }),
  },
  { told: "line breaks of two characters, CR and LF", change: () => ({ lineBreak: "\r\n" }) },
];

const signatureMistakes = (accessKey: string): Mistake[] => [
  { told: "the access key in place of the secret key", change: () => ({ key: accessKey }) },
  { told: "a line break after the secret key", change: ({ key }) => ({ key: `${key}\n` }) },
  {
    told: "the secret key and the string to sign in each other's place",
    change: ({ signature }) => ({ signature: (text, key) => signature(key, text) }),
  },
  {
    told: "the signature in upper case",
    change: ({ signature }) => ({ signature: (text, key) => signature(text, key).toUpperCase() }),
  },
  {
    told: "the signature in Base64, not in hexadecimal digits",
    change: ({ signature }) => ({
      signature: (text, key) => Buffer.from(signature(text, key), "hex").toString("base64"),
    }),
  },
];

/** What cannot be decoded stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
