// Loaded into every process of `npm test`, and by NODE_OPTIONS into every Node that one of them starts: it refuses each
// connection to another machine, and logs it in the file OFFLINE_LOG. A name that ends with .invalid does not exist
// (RFC 6761): it is not found, without a lookup. Plain JavaScript, so that any Node can load it.

const { appendFileSync } = require("node:fs");
const net = require("node:net");

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  const target = targetOf(args);
  if (target === undefined || isLoopback(target.host)) return connect.apply(this, args);
  if (/\.invalid$/i.test(target.host)) return fail(this, "ENOTFOUND", `getaddrinfo ENOTFOUND ${target.host}`);
  const place = `${target.host}:${target.port}`;
  const { OFFLINE_LOG: log, OFFLINE_TEST: test = "" } = process.env;
  if (log) appendFileSync(log, `${JSON.stringify({ test, place })}\n`);
  return fail(this, "ENETUNREACH", `npm test needs no network: no connection to ${place} (test/offline.cjs)`);
};

function fail(socket, code, message) {
  process.nextTick(() => socket.destroy(Object.assign(new Error(message), { code })));
  return socket;
}

/** The target of the arguments of `connect`, in each of their forms; nothing for a pipe or a Unix socket. */
function targetOf(args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === "object" && first !== null) {
    return first.path ? undefined : { host: first.host ?? "localhost", port: first.port };
  }
  if (Number.isNaN(Number(first))) return undefined;
  return { host: typeof second === "string" ? second : "localhost", port: first };
}

function isLoopback(host) {
  const name = String(host)
    .toLowerCase()
    .replace(/^\[|\]$/g, "");
  return /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::|(.+\.)?localhost)?$/.test(name);
}
