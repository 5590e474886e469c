// What callers may give as an ID or a number.

/** An argument at fault: its message is the name of the argument, a space and the problem. */
export interface ArgumentFault {
  argument: string;
  problem: string;
}

export const argumentError = (
  Fault: TypeErrorConstructor | RangeErrorConstructor,
  argument: string,
  problem: string,
): Error & ArgumentFault => Object.assign(new Fault(`${argument} ${problem}`), { argument, problem });

/** @throws {TypeError | RangeError} if an id is empty, or would change the path that it stands in */
export function checkId(name: string, id: string): void {
  if (typeof id !== "string") throw argumentError(TypeError, name, "must be a string");
  if (/^\s*\.?\.?$|\p{Cs}/u.test(id)) throw argumentError(RangeError, name, `must be an ID, not ${JSON.stringify(id)}`);
}

/** @throws {RangeError} if it is no whole number within those bounds */
export function checkInteger(name: string, value: number, least = 0, most = 2 ** 31 - 1): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw argumentError(RangeError, name, `must be an integer from ${least} to ${most}, not ${value}`);
}

/** @throws {TypeError} if it is none of those texts */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (choices.some((choice) => choice === value)) return;
  const told = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw argumentError(TypeError, name, `must be ${told.replace(/, (?="[^"]*"$)/, " or ")}`);
}

/** @throws {TypeError} if it is no array of texts */
export function checkTexts(name: string, value: unknown): void {
  if (!Array.isArray(value) || value.some((text) => typeof text !== "string"))
    throw argumentError(TypeError, name, "must be an array of strings");
}
