// A proxy that the environment has for all programs, and that Node ignores unless it is told otherwise.

import { BlockList, isIP } from "node:net";

type Runtime = Pick<NodeJS.Process, "env" | "execArgv"> & { versions: { node: string } };

/** What to add where a server was not reached directly; empty if no proxy is meant for it, or if Node asks that already. */
export function proxyHint(server: URL, { env, execArgv, versions }: Runtime = process): string {
  const scheme = server.protocol.slice(0, -1);
  const variable = [`${scheme}_proxy`, `${scheme}_proxy`.toUpperCase()].find((name) => env[name]);
  if (variable === undefined || isSpared(server, env.no_proxy || env.NO_PROXY || "")) return "";
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  const isAble = major >= 24 || (major === 22 && minor >= 21);
  if (isAble && usesProxies({ env, execArgv })) return "";
  const who = isAble ? "Node" : `Node ${versions.node}`;
  const node = isAble ? "" : "take Node 24 or later, or 22.21, and ";
  const form = /^\w+:\/\//.test(env[variable] ?? "") ? "" : ", and write the proxy as http://HOST:PORT";
  return `; ${variable} is set, and ${who} ignores it: ${node}set NODE_USE_ENV_PROXY=1 as well${form}`;
}

/** Whether Node is told to use the proxies of the environment. */
export function usesProxies({ env, execArgv }: Pick<Runtime, "env" | "execArgv"> = process): boolean {
  const options = [...(env.NODE_OPTIONS ?? "").split(/\s+/), ...execArgv];
  return env.NODE_USE_ENV_PROXY === "1" || options.some((option) => /^-{2}use[-_]env[-_]proxy$/.test(option));
}

/** Whether a list such as `localhost,.example.com:8080,10.0.0.0/8` has the server. */
function isSpared({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = entry, onlyPort] = isIP(entry) ? [] : (/^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry) ?? []);
    if (name === "" || (onlyPort ?? ownPort) !== ownPort) return false;
    const domain = name.toLowerCase().replace(/^\*?\./, "");
    return name === "*" || host === domain || host.endsWith(`.${domain}`) || isInNetwork(host, name);
  });
}

function isInNetwork(host: string, network: string): boolean {
  const [, address = "", bits] = /^(.+)\/(\d+)$/.exec(network) ?? [];
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const isNetwork = isIP(address) !== 0 && Number(bits) <= (family === "ipv6" ? 128 : 32);
  if (!isNetwork || isIP(host) !== isIP(address)) return false;
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(bits), family);
  return addresses.check(host, family);
}
