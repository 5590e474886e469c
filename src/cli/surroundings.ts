// What a command has around it, but for its arguments and its files: `process`, or what a test puts in its place.

export type Surroundings = Pick<NodeJS.Process, "env" | "stdout" | "stderr" | "on" | "once" | "listenerCount" | "exit">;
