// Tells the formats of recordings apart, by how a file begins.

export const recordingFormats = ["har", "ndjson", "pact"] as const;

export type RecordingFormat = (typeof recordingFormats)[number];

/** Names of the fields at the top that tell it. */
const tellingFields: Record<string, RecordingFormat> = {
  log: "har",
  request: "ndjson",
  consumer: "pact",
  provider: "pact",
  interactions: "pact",
};

/** @returns `undefined` if this beginning does not tell */
export function recognised(head: Uint8Array): RecordingFormat | undefined {
  const text = Buffer.from(head).toString("latin1");
  let depth = 0;
  // A brace that begins a line begins an exchange, whatever came before; a string and, if it is the name of a field, its colon; or a
  // bracket.
  for (const [token, name] of text.matchAll(/\n\{|"((?:[^"\\\n]|\\.)*)"\s*:|"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (name !== undefined) {
      if (depth === 1 && Object.hasOwn(tellingFields, name)) return tellingFields[name];
    } else if (token === "\n{") depth = 1;
    else if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth = Math.max(0, depth - 1);
  }
  return undefined;
}

/** What a file is instead, that could be a recording after a step that the user can take. */
export function otherwise(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if (Buffer.from(head).toString("latin1", 0, 4) === "PK\x03\x04")
    return "It is a ZIP: unpack it, and give the .har file in it";
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return "It is UTF-16: save it as UTF-8";
  return undefined;
}
