// Runs a curl command line with fetch: a machine with only Node and npm may have no curl.

/** @throws {Error} if the line has anything except -i, headers and a URL, each in single quotes */
export function curl(line: string): Promise<Response> {
  const match = /^curl -i((?: -H '[^']+: [^']+')*) '(http[^']+)'$/.exec(line.trim());
  if (!match) throw new Error(`Not a curl line of the form that this understands: ${line}`);
  const [, options = "", url = ""] = match;
  const headers = [...options.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]);
  return fetch(url, { headers: headers as [string, string][] });
}
