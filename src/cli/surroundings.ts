// What a command uses of `process`; a test puts something else in its place.

export type Surroundings = Pick<NodeJS.Process, "env" | "stdout" | "stderr" | "on" | "once" | "listenerCount" | "exit">;
