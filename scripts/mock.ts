// A mock of the service: Prism on the bundle. It answers with the contract's examples and refuses what the contract
// refuses. `npm run mock`

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createLogger } from "@stoplight/prism-core";
import { getHttpOperationsFromSpec, ProblemJsonError } from "@stoplight/prism-http";
import { createServer } from "@stoplight/prism-http-server";
import { repository } from "./source.ts";

export interface Mock {
  /** Base URL, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

export interface MockOptions {
  /** Default: a free port. */
  port?: number;
  /** Called with each way in which a request, or Prism's own answer to it, departs from the contract. */
  onViolation?: (message: string) => void;
}

const bundle = join(repository, "generated/openapi.json");

/** @throws {Error} whose message is one line: the port is taken, or there is no bundle */
export async function startMock({ port = 0, onViolation = () => {} }: MockOptions = {}): Promise<Mock> {
  const operations = await getHttpOperationsFromSpec(await readBundle());
  const log = {
    write(line: string) {
      const { msg } = JSON.parse(line);
      const isRepeated = /^(Violation:|Request terminated)/.test(msg);
      if (!isRepeated) onViolation(msg);
    },
  };
  const server = createServer(operations, {
    cors: true,
    components: { logger: createLogger("mock", { level: "error" }, log), route },
    config: {
      mock: { dynamic: false },
      checkSecurity: true,
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
    if (!String(reason).includes("EADDRINUSE")) throw new Error(String(reason));
    const other = port < 65535 ? port + 1 : port - 1;
    throw new Error(`Port ${port} is taken. Stop what listens there, or choose another: PORT=${other} npm run mock`);
  }
}

const require = createRequire(import.meta.url);
const router: typeof import("@stoplight/prism-http/dist/router/index.js") = require("@stoplight/prism-http/dist/router");
const prismRoute = router.default;

/** Prism's own, except that a path whose escapes are broken is refused: Prism would stop as a whole. */
const route: typeof prismRoute = (request) => {
  try {
    decodeURIComponent(request.input.url.path);
  } catch (error) {
    const refusal = { type: "MALFORMED_PATH", title: "The path cannot be decoded", status: 400 };
    return { _tag: "Left", left: ProblemJsonError.fromTemplate(refusal, (error as Error).message) };
  }
  return prismRoute(request);
};

async function readBundle() {
  const text = await readFile(bundle, "utf8").catch(() => {
    throw new Error("There is no bundle to mock: generated/openapi.json is missing. Write it: npm run build");
  });
  return JSON.parse(text);
}

/** Requests to try, as lines for a shell: the page's example, another example, and a request that is refused. */
export async function sampleRequests(url: string): Promise<string[]> {
  const { paths, components } = await readBundle();
  const [path] = Object.keys(paths) as [string];
  const { ProjectId, InstanceId } = components.parameters;
  const target = [ProjectId, InstanceId].reduce(
    (filled, { name, example }) => filled.replace(`{${name}}`, example),
    path,
  );
  const curl = "curl -i -H 'X-Auth-Token: any'";
  return [
    `${curl} '${url}${target}'`,
    `${curl} -H 'Prefer: example=EveryStatus' '${url}${target}'`,
    `${curl} '${url}${target}?offset=-1'`,
  ];
}

async function main(): Promise<void> {
  const port = Number(process.env.PORT || 4010);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`PORT must be a number from 0 to 65535, not "${process.env.PORT}".`);
    process.exitCode = 2;
    return;
  }
  process.stdout.on("error", () => {}); // whoever read it has stopped: no reason to stop too
  try {
    const mock = await startMock({ port, onViolation: console.log });
    console.log(`Mock of the contract on ${mock.url}. Stop it with Ctrl-C. Try:\n`);
    for (const request of await sampleRequests(mock.url)) console.log(`  ${request}`);
    console.log("\nWhat departs from the contract is printed here.\n");
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => mock.close());
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
