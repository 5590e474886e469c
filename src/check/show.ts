// Values and texts of somebody else, short and safe enough to be printed. Secrets are hidden before anything is cut, since
// half a secret would not be recognised.

/** Hides every secret in a text. */
export type Redact = (text: string) => string;

/** Secrets of fewer characters are not looked for: they occur by chance. */
export const shortestSecret = 6;

export function redactor(secrets: readonly string[]): Redact {
  const hidden = secrets.filter((secret) => secret.length >= shortestSecret);
  return (text) => hidden.reduce((text, secret) => text.replaceAll(secret, "***"), text);
}

/** A text as one line of at most 300 characters, without control characters. */
export function oneLine(text: string, redact: Redact): string {
  const line = redact(text.slice(0, 100_000)).replace(/[\s\p{Cc}\p{Cf}]+/gu, " ");
  return cut(line.trim(), 300);
}

/** JSON of a value, of at most 120 characters. It reads little more of the value than it prints, however deep or wide that is. */
export function show(value: unknown, redact: Redact): string {
  return cut(json(value, 120, redact), 120);
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function json(value: unknown, room: number, redact: Redact): string {
  const string = (text: string) => JSON.stringify(redact(text.slice(0, 100_000)).slice(0, room + 1));
  if (typeof value === "string") return string(value);
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const isArray = Array.isArray(value);
  let text = isArray ? "[" : "{";
  for (const key in value) {
    const name = isArray ? "" : `${string(key)}:`;
    const left = room - text.length - name.length;
    if (left <= 0) return `${text}…`;
    text += `${text.length > 1 ? "," : ""}${name}${json((value as Record<string, unknown>)[key], left, redact)}`;
  }
  return text + (isArray ? "]" : "}");
}
