// What is told of a recording that was written.

import type { Written } from "../check/recorded/write.ts";

export function writtenText({ exchanges, secrets, repeats }: Written, file: string): string {
  const some = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
  const elsewhere = repeats > 0 ? `, and ${some(repeats, "repeat")} of them elsewhere` : "";
  return `${file}: ${some(exchanges, "exchange")}; ${some(secrets, "secret")} taken out${elsewhere}`;
}
