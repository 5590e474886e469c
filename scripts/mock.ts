// A mock of the service: Prism on the bundle. It answers with the contract's examples and refuses what the contract
// refuses. `npm run mock`

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "@stoplight/prism-core";
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
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
    components: { logger: createLogger("mock", { level: "error" }, log) },
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
    throw new Error(`Port ${port} is taken. Stop what listens there, or choose another: PORT=${port + 1} npm run mock`);
  }
}

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
  const port = Number(process.env.PORT ?? 4010);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`PORT must be a number from 0 to 65535, not "${process.env.PORT}".`);
    process.exitCode = 2;
    return;
  }
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
