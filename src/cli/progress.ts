// A progress line, only on a terminal; it is removed when this process ends.

import type { Surroundings } from "./surroundings.ts";

const startOfLine = "\r\u001b[2K";

export function showProgress(around: Surroundings) {
  const terminal = around.stderr;
  const wipe = () => terminal.isTTY && terminal.write(startOfLine);
  around.on("exit", wipe);
  const show = (line: string) => {
    if (terminal.isTTY) terminal.write(startOfLine + line.slice(0, terminal.columns - 1));
  };
  return { show, wipe };
}
