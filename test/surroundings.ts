// Replaces `process` when a test calls a command as a function: it records the command's output, and gets the test's signals.
// A process for each case would spend its time loading the same code again.

import { EventEmitter } from "node:events";
import { Writable } from "node:stream";
import { WriteStream } from "node:tty";
import { expect, vi } from "vitest";

/** Emits "text" at once with everything that is written to it. */
class Kept extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 40;
  readonly hasColors = WriteStream.prototype.hasColors; // which asks the environment that it is given

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    this.emit("text", String(chunk));
    done();
  }
}

export type Environment = Record<string, string | undefined>;

export class Surroundings extends EventEmitter {
  readonly env: Environment;
  readonly stdout: Kept;
  readonly stderr: Kept;
  readonly #exited = Promise.withResolvers<number>();

  /** @param terminals Which of the two streams say that they are a terminal. */
  constructor(env: Environment = {}, terminals: readonly ("stdout" | "stderr")[] = []) {
    super();
    this.env = env;
    this.stdout = new Kept(terminals.includes("stdout"));
    this.stderr = new Kept(terminals.includes("stderr"));
  }

  /** Only the first call counts for those who wait for the end. */
  exit(code: number): void {
    this.emit("exit", code);
    this.removeAllListeners();
    this.#exited.resolve(code);
  }

  /** Calls the command, and returns its result like that of a process. Nothing may be written past its streams. */
  async run(main: (args: string[], around: NodeJS.Process) => Promise<number>, args: readonly string[]) {
    const around = this as unknown as NodeJS.Process; // as much of it as commands look at
    const streams = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
    const spies = [...streams, ...(["log", "info", "warn", "error"] as const).map((name) => vi.spyOn(console, name))];
    try {
      main([...args], around).then((code) => this.exit(code), this.#exited.reject);
      const code = await this.#exited.promise;
      expect(spies.flatMap(({ mock }) => mock.calls as unknown[])).toEqual([]);
      return { code, stdout: this.stdout.text, stderr: this.stderr.text };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }
}
