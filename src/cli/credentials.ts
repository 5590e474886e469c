// Credentials come from the environment and from nowhere else: flags can be seen by everybody on the machine, and are kept
// in the history of the shell and in the logs of CI.

import type { Credentials } from "../wire/credentials.ts";
import { shortestSecret } from "../wire/redact.ts";
import { UsageError } from "./flags.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const secretNames = ["DCS_AUTH_TOKEN", "DCS_SECRET_KEY", "DCS_SECURITY_TOKEN"];

/** For the help. */
export const credentialRows = [
  ["DCS_AUTH_TOKEN", "a project-scoped IAM token; or"],
  ["DCS_ACCESS_KEY, DCS_SECRET_KEY", "an access key and its secret key, with which each request is signed"],
  ["DCS_SECURITY_TOKEN", "the security token of temporary keys"],
] as const;

/**
 * A variable that is empty counts as not set, which is what CI makes of a secret that is missing.
 * @throws {UsageError} that names the variable, and not what is in it
 */
export function readCredentials(environment: Environment): Credentials {
  const read = (name: string) => {
    const value = environment[name] ?? "";
    if (value !== value.trim() && value.trim() !== "")
      throw new UsageError(`${name} begins or ends with white space, such as the line break of a file: set it without`);
    if (!/^[!-~]*$/.test(value.trim()))
      throw new UsageError(`${name} is not usable: a credential is visible ASCII without spaces`);
    return value.trim();
  };
  const token = read("DCS_AUTH_TOKEN");
  const accessKey = read("DCS_ACCESS_KEY");
  const secretKey = read("DCS_SECRET_KEY");
  const securityToken = read("DCS_SECURITY_TOKEN");
  const keys = { DCS_ACCESS_KEY: accessKey, DCS_SECRET_KEY: secretKey, DCS_SECURITY_TOKEN: securityToken };
  const [key] = Object.entries(keys).find(([, value]) => value !== "") ?? [];
  if (token && key) throw new UsageError(`DCS_AUTH_TOKEN and ${key} are both set: unset one, to say which to use`);
  if (token) return { token };
  if (!key) throw new UsageError("Credentials are missing: set DCS_AUTH_TOKEN, or DCS_ACCESS_KEY and DCS_SECRET_KEY");
  if (!accessKey || !secretKey) {
    const missing = accessKey ? "DCS_SECRET_KEY" : "DCS_ACCESS_KEY";
    throw new UsageError(`${key} is set, and ${missing} is not: keys come as a pair`);
  }
  return { accessKey, secretKey, ...(securityToken && { securityToken }) };
}

/** @throws {UsageError} if an argument holds what the environment has as a secret */
export function refuseSecrets(args: readonly string[], environment: Environment): void {
  for (const name of secretNames) {
    const secret = environment[name]?.trim() ?? "";
    if (secret.length < shortestSecret || !args.some((arg) => arg.includes(secret))) continue;
    throw new UsageError(
      `An argument holds the value of ${name}: take it out, the check reads it from the environment`,
    );
  }
}
