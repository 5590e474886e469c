// Credentials come only from the environment: everybody on the machine can see flags, and the shell's history and CI logs keep
// them.

import type { Credentials } from "../wire/credentials.ts";
import { shortestSecret } from "../wire/redact.ts";
import { UsageError } from "./flags.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const secretNames = ["DCS_AUTH_TOKEN", "DCS_SECRET_KEY", "DCS_SECURITY_TOKEN"];

/** For the help. */
export const credentialRows = [
  ["DCS_AUTH_TOKEN", "a project-scoped IAM token; or"],
  ["DCS_ACCESS_KEY, DCS_SECRET_KEY", "an access key and its secret key, to sign each request"],
  ["DCS_SECURITY_TOKEN", "the security token of temporary keys"],
] as const;

/**
 * An empty variable counts as not set: CI makes an empty variable of a missing secret.
 * @throws {UsageError} that names the variable, but not its value
 */
export function readCredentials(environment: Environment): Credentials {
  const read = (name: string) => {
    const value = environment[name] ?? "";
    if (value !== value.trim() && value.trim() !== "")
      throw new UsageError(
        `${name} begins or ends with white space, such as the line break at the end of a file: remove it`,
      );
    if (!/^[!-~]*$/.test(value.trim()))
      throw new UsageError(`${name} is invalid: a credential is visible ASCII without spaces`);
    return value.trim();
  };
  const token = read("DCS_AUTH_TOKEN");
  const accessKey = read("DCS_ACCESS_KEY");
  const secretKey = read("DCS_SECRET_KEY");
  const securityToken = read("DCS_SECURITY_TOKEN");
  const keys = { DCS_ACCESS_KEY: accessKey, DCS_SECRET_KEY: secretKey, DCS_SECURITY_TOKEN: securityToken };
  const [key] = Object.entries(keys).find(([, value]) => value !== "") ?? [];
  if (token && key) throw new UsageError(`DCS_AUTH_TOKEN and ${key} are both set: unset one of them`);
  if (token) return { token };
  if (!key) throw new UsageError("Credentials are missing: set DCS_AUTH_TOKEN, or DCS_ACCESS_KEY and DCS_SECRET_KEY");
  if (!accessKey || !secretKey) {
    const missing = accessKey ? "DCS_SECRET_KEY" : "DCS_ACCESS_KEY";
    throw new UsageError(`${key} is set, but ${missing} is not: set both`);
  }
  return { accessKey, secretKey, ...(securityToken && { securityToken }) };
}

/** @throws {UsageError} if an argument holds a secret of the environment */
export function refuseSecrets(args: readonly string[], environment: Environment): void {
  for (const name of secretNames) {
    const secret = environment[name]?.trim() ?? "";
    if (secret.length < shortestSecret || !args.some((arg) => arg.includes(secret))) continue;
    throw new UsageError(`An argument holds the value of ${name}: remove it, the check reads it from the environment`);
  }
}
