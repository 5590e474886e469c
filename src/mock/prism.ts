// Prism in front of the service: it finds the operation, validates the request and the answer, and answers by itself what a
// Prefer header asks of it.

import { createRequire } from "node:module";
import type { Contract } from "../wire/contract.ts";
import type { Found } from "../wire/judge/index.ts";
import type { Received } from "./received.ts";
import { jsonReply, type Reply } from "./service.ts";

type Asked = Pick<Received, "method" | "target" | "headers">;

/**
 * Answers a request that has the operation's method and path.
 * @param found what Prism finds in it
 * @param isChosen whether a Prefer header asks for an answer of Prism's own
 * @returns nothing to let Prism answer with the contract's examples
 */
export type Respond = (found: readonly Found[], isChosen: boolean) => Reply | undefined;

export interface Passed {
  reply: Reply;
  /** What Prism finds in an answer that is not its own, in its words. */
  faults: readonly string[];
}

export type Prism = (asked: Asked, respond: Respond) => Promise<Passed>;

/**
 * @throws {Error} with a message of one line: Prism is not installed, or does not run on this Node
 */
export async function startPrism(contract: Contract): Promise<Prism> {
  const parts = loadPrism();
  const { createInstance, createLogger, getHttpOperationsFromSpec, readPrefer, ProblemJsonError, prismMock } = parts;
  const operations = await getHttpOperationsFromSpec(structuredClone(contract.document()));
  const responds = new WeakMap<object, Respond>();
  const mock: typeof prismMock = (asked) => {
    const { resource, input, config } = asked;
    const found = input.validations.map((diagnostic) => toFound(diagnostic, resource));
    const isChosen = config.code !== undefined || config.exampleKey !== undefined || config.dynamic;
    const reply = responds.get(input.data)?.(found, isChosen);
    if (!reply) return prismMock({ resource, config, input: { ...input, validations: [] } });
    const { status: statusCode, headers, body } = reply;
    return () => ({ _tag: "Right", right: { statusCode, headers: { ...headers }, body } });
  };
  const config = {
    mock: { dynamic: false },
    checkSecurity: false, // the judge does
    validateRequest: true,
    validateResponse: true,
    errors: false,
    isProxy: false as const,
    upstreamProxy: undefined,
  };
  const prism = createInstance(config, {
    logger: createLogger("mock", { level: "silent" }),
    route: route(parts),
    mock,
  });

  return async ({ method, target, headers }, respond) => {
    const { pathname, searchParams } = new URL(target, "http://mock");
    const query = Object.fromEntries([...searchParams.keys()].map((name) => [name, values(searchParams.getAll(name))]));
    const url = { path: pathname, query };
    const input = {
      method: method.toLowerCase() as "get",
      url,
      headers: withoutBody(headers),
      body: null,
    };
    const preferred = readPrefer(input);
    if (preferred._tag === "Left") return problem(preferred.left);
    let own: Reply | undefined;
    responds.set(input, (...asked) => {
      own = respond(...asked);
      return own;
    });
    const result = await prism.request(input, operations, {
      ...config,
      mock: { ...config.mock, ...preferred.right },
    })();
    if (result._tag === "Left") return problem(result.left);
    const { output, validations } = result.right;
    if (own) return { reply: own, faults: validations.output.map(({ message }) => message) };
    return { reply: { status: output.statusCode, headers: output.headers ?? {}, body: output.body }, faults: [] };
  };

  function problem(error: Error): Passed {
    const { headers } = Object(error).additional ?? {};
    const body = ProblemJsonError.toProblemJson(error as InstanceType<typeof ProblemJsonError>);
    const reply = jsonReply(Object(error).status ?? 500, body, {
      ...headers,
      "content-type": "application/problem+json",
    });
    return { reply, faults: [] };
  }
}

/** A body is the judge's concern: Prism would look for a schema of it. */
const withoutBody = (headers: Asked["headers"]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(content-|transfer-encoding)/.test(name))) as Record<
    string,
    string
  >;

const values = (all: string[]) => (all.length === 1 ? (all[0] ?? "") : all);

type Parts = ReturnType<typeof loadPrism>;

const prismName = "@stoplight/prism-http-server";
const here = createRequire(import.meta.url);

/** Prism is an optional peer dependency. Its parts are loaded from where Prism itself would load them. */
function loadPrism() {
  let entry: string | undefined;
  try {
    entry = here.resolve(prismName, { paths: [import.meta.dirname, process.cwd()] });
    const require = createRequire(entry);
    require(entry); // it may not run here
    const prefer: typeof import("@stoplight/prism-http-server/dist/getHttpConfigFromRequest.js") = require("@stoplight/prism-http-server/dist/getHttpConfigFromRequest");
    const core: typeof import("@stoplight/prism-core") = require("@stoplight/prism-core");
    const http: typeof import("@stoplight/prism-http") = require("@stoplight/prism-http");
    const router: typeof import("@stoplight/prism-http/dist/router/index.js") = require("@stoplight/prism-http/dist/router");
    const mocker: typeof import("@stoplight/prism-http/dist/mocker/index.js") = require("@stoplight/prism-http/dist/mocker");
    return {
      createInstance: http.createInstance,
      createLogger: core.createLogger,
      getHttpOperationsFromSpec: http.getHttpOperationsFromSpec,
      ProblemJsonError: http.ProblemJsonError,
      readPrefer: prefer.getHttpConfigFromRequest,
      prismRoute: router.default,
      prismMock: mocker.default,
    };
  } catch (error) {
    throw new Error(whyNoPrism(error as NodeJS.ErrnoException, entry));
  }
}

/** @param entry Prism's entry file, if it was found. */
function whyNoPrism({ code = "", message, path }: NodeJS.ErrnoException, entry: string | undefined): string {
  const { peerDependencies } = here("dcs-backup-records/package.json");
  const add = `npm install --save-dev ${prismName}@${peerDependencies[prismName].replace("^", "")}`;
  const [reason] = message.split("\n");
  const isMissing = code.endsWith("MODULE_NOT_FOUND");
  // Node gives a path if there is a package.json whose entry file is missing.
  if (isMissing && entry === undefined && path === undefined)
    return `The mock needs Prism, which is not installed. Add it: ${add}`;
  if (isMissing) return `Prism is installed but incomplete: ${reason}. Install it again: ${add}`;
  const needed = entry && neededNode(entry);
  const hint = needed ? `. It is made for Node ${needed}` : "";
  return `Prism is installed but does not run on Node ${process.versions.node}: ${reason}${hint}`;
}

function neededNode(entry: string): string | undefined {
  try {
    return createRequire(entry)(`${prismName}/package.json`).engines?.node;
  } catch {
    return undefined; // it does not say
  }
}

/** Prism's own, except that a path with broken escapes is rejected: Prism itself would crash. */
const route =
  ({ ProblemJsonError, prismRoute }: Pick<Parts, "ProblemJsonError" | "prismRoute">): typeof prismRoute =>
  (request) => {
    try {
      decodeURIComponent(request.input.url.path);
    } catch (error) {
      const refusal = { type: "MALFORMED_PATH", title: "The path cannot be decoded", status: 400 };
      return { _tag: "Left", left: ProblemJsonError.fromTemplate(refusal, (error as Error).message) };
    }
    return prismRoute(request);
  };

type Operation = Parameters<Parts["prismMock"]>[0]["resource"];
type Diagnostic = Parameters<Parts["prismMock"]>[0]["input"]["validations"][number];

function toFound({ path = [], message }: Diagnostic, { request = {} }: Operation): Found {
  const [part, place] = path.map(String);
  const { path: ids = [], query = [] } = request;
  // Prism writes every name in lower case.
  const parameter = (part === "path" ? ids : query).find(({ name }) => name.toLowerCase() === place);
  return { in: part, name: parameter?.name ?? place, message };
}
