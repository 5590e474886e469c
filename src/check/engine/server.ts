// The base URL of a service, as its user gives it.

import { argumentError } from "../../wire/arguments.ts";

/**
 * Without a slash at its end.
 * @throws {TypeError} that says what is wrong with it
 */
export function readServer(server: string): string {
  if (!/^https?:\/\//i.test(server))
    throw argumentError(TypeError, "server", "must be a URL that begins with https:// or http://");
  if (!URL.canParse(server))
    throw argumentError(TypeError, "server", "must have a host, and a port of at most 65535 if it has one");
  const url = new URL(server);
  if (url.username || url.password) throw argumentError(TypeError, "server", "must not hold credentials");
  if (url.search || url.hash)
    throw argumentError(TypeError, "server", "must be the base URL, without query and fragment");
  if (/\/instances\/[^/]*\/backups\/?$/.test(url.pathname))
    throw argumentError(TypeError, "server", "must be the base URL, without the path of the call");
  return url.href.replace(/\/$/, "");
}
