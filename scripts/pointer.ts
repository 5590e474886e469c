// JSON pointers (RFC 6901) and the paths of keys that they stand for.

/** Keys and array positions that lead from the root of a document to a node. */
export type Path = readonly (string | number)[];

export const formatPointer = (path: Path) =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

export const parsePointer = (pointer: string) =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
