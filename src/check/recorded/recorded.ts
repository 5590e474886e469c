// An exchange as a recording tells it, whatever the recording's format: what is not there is told from what is empty.

/** Where an exchange stands. */
export interface Place {
  /** As it was named; `-` is the standard input. Empty if it is in none. */
  file: string;
  /** Counted from 1. */
  entry: number;
  /** Of a file with one exchange a line. */
  line?: number;
}

/** The name as it was written, and the value. */
export type Header = readonly [name: string, value: string];

/** What a recording does not have, and why. */
export interface Missing {
  missing: keyof typeof reasons;
  /** Such as `120 of 880 bytes`. */
  detail?: string;
  /** Length of a body, if the recording tells it. */
  bytes?: number;
}

const reasons = {
  "not-kept": "the recording does not keep it",
  "kept-elsewhere": "the recording keeps it in another file",
  "cut-off": "it is cut off",
  altered: "the recording has replaced characters in it",
  "too-large": "it is too large",
  "not-decodable": "its content-encoding cannot be undone",
  cleaned: "it was cleaned away",
  "never-answered": "the request was never answered",
  cached: "the answer came from a cache",
  mocked: "the answer came from the test, not from the service",
  "not-expected": "the consumer expects nothing of it",
} as const;

/** Why something is missing, for a report. */
export const reasonOf = ({ missing, detail }: Missing): string =>
  detail === undefined ? reasons[missing] : `${reasons[missing]}: ${detail}`;

export const isReason = (name: unknown): name is Missing["missing"] =>
  typeof name === "string" && Object.hasOwn(reasons, name);

/** A body without its content-encoding: as text if its bytes are UTF-8, and otherwise as bytes. An empty one is an empty text. */
export type RecordedBody = { text: string } | { bytes: Uint8Array } | Missing;

interface Message {
  /** Such as `HTTP/1.1`, as the recording writes it. */
  httpVersion?: string;
  /** In their order, with repeats, without those of HTTP/2 that begin with a colon. */
  headers: readonly Header[];
  /** Headers such as `:authority`. */
  pseudoHeaders?: readonly Header[];
  /** Why there are no headers. */
  noHeaders?: Missing;
  body: RecordedBody;
}

export interface RecordedRequest extends Message {
  method: string;
  /** Absolute, or only the target of the request line, as it was written. */
  url: string;
  /** Names in lower case of headers that are not here, and that the recording's writer is known to leave out. */
  leftOut?: readonly string[];
}

export interface RecordedResponse extends Message {
  status: number;
  statusText?: string;
}

export interface Recorded {
  place: Place;
  /** Start of the request. */
  startedAt?: Date;
  durationMs?: number;
  request: RecordedRequest;
  response: RecordedResponse | Missing;
  /** Of what never took place, but is what a consumer expects. */
  expected?: Expected;
  /** What was taken out of it before it was written. */
  cleaned?: Cleaned;
  /** Secrets that the recording tells beside the headers, which `clean` looks for. */
  secrets?: readonly string[];
}

/** An interaction of a Pact: its bodies have only what the consumer sends, and what it reads. */
export interface Expected {
  consumer?: string;
  provider?: string;
  description?: string;
  states?: readonly string[];
  /** Of values that are examples, and what the real ones must be instead. */
  rules: readonly MatchingRule[];
}

export interface MatchingRule {
  of: "request" | "response";
  /** Such as `body`, `header`, `query`, `path`. */
  category: string;
  /** Such as `$.backup_record_response[*].status` in a body; the name of a header or parameter. */
  path: string;
  /** Names of what it must match, such as `type`, `regex`, `integer`. */
  matches: readonly string[];
}

export interface Cleaned {
  /** Secrets at their places: headers, parameters, fields, the body of the request. */
  secrets: number;
  /** Repeats of these elsewhere. */
  repeats: number;
  /** Where the response repeated a secret of the request: `body`, or the name of a header. */
  echoes: readonly string[];
}

/** Something of a recording that could not be read. The rest of it is read all the same, unless it says that it `ends`. */
export interface ReadFault {
  fault: "broken" | "not-an-exchange" | "too-large" | "truncated" | "unreadable" | "unrecognised";
  place: Partial<Place> & { file: string /** Position in the file, decompressed, in bytes. */; offset?: number };
  /** Without anything that the recording says. */
  message: string;
  /** Whether nothing after it was read. */
  ends: boolean;
}

export const isMissing = (part: object): part is Missing => "missing" in part;

/** The first value of a header, by its name in lower case. */
export const headerOf = ({ headers }: Pick<Message, "headers">, name: string): string | undefined =>
  headers.find(([given]) => given.length === name.length && given.toLowerCase() === name)?.[1];
