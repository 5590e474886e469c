// A mock of the service: Prism on the bundle. It answers with the contract's examples, and rejects requests that violate
// the contract.

import { createRequire } from "node:module";
import { baseContract, type Contract } from "../wire/contract.ts";
import { writeTime } from "../wire/time.ts";

export interface Mock {
  /** Base URL, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

export interface MockOptions {
  /** Default: a free port. */
  port?: number;
  /** The contract to serve. Default: this package's */
  contract?: Contract;
  /** Called with each request that has the contract's method and path, before it is answered. */
  onJudged?: (request: Judged) => void;
}

/** A request and its violations. */
export interface Judged {
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  violations: readonly Violation[];
}

/** A violation of the contract in a request. */
export interface Violation {
  /** The part of the request: `path` or `query`; `undefined` for the request as a whole. */
  in: string | undefined;
  /** Name of the parameter; `undefined` if a parameter is missing: Prism names it only in its message. */
  name: string | undefined;
  /** The JSON Schema keyword that failed; `401` for credentials. */
  keyword: string;
  /** The keyword's value in the parameter's schema. */
  bound: unknown;
  /** In Prism's words, for people. */
  message: string;
}

/**
 * Starts Prism on the contract, on 127.0.0.1. Unless a request chooses the response by a `Prefer` header, the mock acts as
 * a service that has one backup record, that of the reference page's example.
 * @throws {Error} with a message of one line: the port is taken, or Prism is not installed or does not run on this Node
 */
export async function startMock({
  port = 0,
  contract = baseContract,
  onJudged = () => {},
}: MockOptions = {}): Promise<Mock> {
  const { createServer, createLogger, getHttpOperationsFromSpec, ...prism } = loadPrism();
  const operations = await getHttpOperationsFromSpec(structuredClone(contract.document()));
  const server = createServer(operations, {
    cors: true,
    components: {
      logger: createLogger("mock", { level: "silent" }),
      route: route(prism),
      validateInput: validateInput(prism, onJudged),
      mock: mock(prism, contract),
    },
    config: {
      mock: { dynamic: false },
      checkSecurity: false, // validateInput does
      validateRequest: true,
      validateResponse: true,
      errors: false,
      isProxy: false,
      upstreamProxy: undefined,
    },
  });
  try {
    return { url: await server.listen(port, "127.0.0.1"), close: () => server.close() };
  } catch (reason) {
    throw listenError(String(reason), port);
  }
}

/** The error of a server that cannot listen. */
export function listenError(reason: string, port: number): Error {
  if (!reason.includes("EADDRINUSE")) return new Error(reason);
  const other = port < 65535 ? port + 1 : port - 1;
  return new Error(`Port ${port} is taken. Stop the program that uses it, or choose another port, such as ${other}`);
}

type Prism = ReturnType<typeof loadPrism>;

/** Prism is an optional peer dependency. Its parts are loaded from where Prism itself would load them. */
function loadPrism() {
  const here = createRequire(import.meta.url);
  const name = "@stoplight/prism-http-server";
  let entry: string;
  try {
    entry = here.resolve(name, { paths: [import.meta.dirname, process.cwd()] });
  } catch {
    const { peerDependencies } = here("dcs-backup-records/package.json");
    const version = peerDependencies[name].replace("^", "");
    throw new Error(`The mock needs Prism, which is not installed. Add it: npm install --save-dev ${name}@${version}`);
  }
  try {
    const require = createRequire(entry);
    const server: typeof import("@stoplight/prism-http-server") = require(entry);
    const core: typeof import("@stoplight/prism-core") = require("@stoplight/prism-core");
    const http: typeof import("@stoplight/prism-http") = require("@stoplight/prism-http");
    const router: typeof import("@stoplight/prism-http/dist/router/index.js") = require("@stoplight/prism-http/dist/router");
    const validator: typeof import("@stoplight/prism-http/dist/validator/index.js") = require("@stoplight/prism-http/dist/validator");
    const mocker: typeof import("@stoplight/prism-http/dist/mocker/index.js") = require("@stoplight/prism-http/dist/mocker");
    return {
      createServer: server.createServer,
      createLogger: core.createLogger,
      getHttpOperationsFromSpec: http.getHttpOperationsFromSpec,
      ProblemJsonError: http.ProblemJsonError,
      prismRoute: router.default,
      prismInput: validator.validateInput,
      prismSecurity: validator.validateSecurity,
      prismMock: mocker.default,
    };
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new Error(`Prism is installed but does not run on Node ${process.versions.node}: ${reason}`);
  }
}

type Parts = Pick<Prism, "ProblemJsonError" | "prismRoute" | "prismInput" | "prismSecurity" | "prismMock">;

/** Prism's own, except that a path with broken escapes is rejected: Prism itself would crash. */
const route =
  ({ ProblemJsonError, prismRoute }: Parts): typeof prismRoute =>
  (request) => {
    try {
      decodeURIComponent(request.input.url.path);
    } catch (error) {
      const refusal = { type: "MALFORMED_PATH", title: "The path cannot be decoded", status: 400 };
      return { _tag: "Left", left: ProblemJsonError.fromTemplate(refusal, (error as Error).message) };
    }
    return prismRoute(request);
  };

/** Prism's own validation of credentials and parameters, which also reports its findings as data. */
const validateInput =
  ({ prismInput, prismSecurity }: Parts, onJudged: (request: Judged) => void): typeof prismInput =>
  (request) => {
    const { resource, element } = request;
    const found = [prismSecurity, prismInput].flatMap((validate) => {
      const judgement = validate(request);
      return judgement._tag === "Left" ? judgement.left : [];
    });
    onJudged({
      headers: element.headers ?? {},
      violations: found.map((diagnostic) => violation(diagnostic, resource)),
    });
    const [first, ...others] = found;
    return first ? { _tag: "Left", left: [first, ...others] } : { _tag: "Right", right: element };
  };

type Operation = Parameters<Prism["prismInput"]>[0]["resource"];
type Diagnostic = Extract<ReturnType<Prism["prismInput"]>, { _tag: "Left" }>["left"][number];

function violation({ path = [], code = "", message }: Diagnostic, { request = {} }: Operation): Violation {
  const [part, place] = path;
  const { path: ids = [], query = [] } = request;
  // Prism writes every name in lower case.
  const parameter = (part === "path" ? ids : query).find(({ name }) => name.toLowerCase() === place);
  const schema: Record<string, unknown> = { ...parameter?.schema };
  return { in: part, name: parameter?.name ?? place, keyword: String(code), bound: schema[code], message };
}

/** Prism's own, except that the query chooses the response if the caller does not. */
const mock =
  ({ prismMock }: Parts, contract: Contract): typeof prismMock =>
  ({ config, ...asked }) => {
    const isChosen = config.code !== undefined || config.exampleKey !== undefined || config.dynamic;
    const exampleKey = exampleFor(asked.input.data.url.query ?? {}, contract);
    return prismMock({ ...asked, config: isChosen ? config : { ...config, exampleKey } });
  };

/** The example to respond with: the one with one record if that is on the requested page, otherwise the empty one. */
function exampleFor(query: Query, { page, responses, document }: Contract): string | undefined {
  const names = responses.get(page.status)?.examples ?? [];
  const { examples } = document().components;
  const recordsOf = (name: string) => {
    const { value } = examples[name] as { value: Record<string, BackupTimes[]> };
    return value[page.list] ?? [];
  };
  const full = names.find((name) => recordsOf(name).length === 1);
  const empty = names.find((name) => recordsOf(name).length === 0);
  const [record] = full === undefined ? [] : recordsOf(full);
  return record && holdsRecord(query, record) ? full : empty;
}

type Query = Record<string, string | string[]>;
type BackupTimes = { created_at: string; updated_at: string };

/** Whether a record is on the requested page: a backup that was running within the time window belongs to it. */
function holdsRecord({ offset, limit, begin_time, end_time }: Query, { created_at, updated_at }: BackupTimes): boolean {
  const isInWindow =
    (!begin_time || writeTime(new Date(updated_at)) >= String(begin_time)) &&
    (!end_time || writeTime(new Date(created_at)) <= String(end_time));
  return isInWindow && Number(offset || 0) < 1 && Number(limit || 1) >= 1;
}

/** Requests to try, as lines for a shell: the page's example, another example, and an invalid request. */
export function sampleRequests(url: string, { parameters, operation } = baseContract): string[] {
  const target = operation.path.replace(/{(\w+)}/g, (_, name) => String(parameters.get(name)?.example));
  const curl = "curl -i -H 'X-Auth-Token: any'";
  return [
    `${curl} '${url}${target}'`,
    `${curl} -H 'Prefer: example=EveryStatus' '${url}${target}'`,
    `${curl} '${url}${target}?offset=-1'`,
  ];
}
