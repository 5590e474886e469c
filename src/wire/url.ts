// The URL of the call.

import { operation } from "../../generated/contract.ts";

/**
 * @param server base URL, without a slash at its end
 * @param ids values of the path parameters, by their names
 * @param query values that need no escape; those that are undefined are left out
 */
export function callUrl(
  server: string,
  ids: Record<string, string>,
  query: Record<string, string | number | undefined> = {},
  path = operation.path,
): string {
  const filled = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(ids[name] as string));
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  return `${server}${filled}${pairs.length > 0 ? "?" : ""}${pairs.map((pair) => pair.join("=")).join("&")}`;
}
