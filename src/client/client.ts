// createDcsClient: the contract's call for a programmer with a Huawei Cloud account.

import createFetchClient, { type Client } from "openapi-fetch";
import { operation, server } from "../../generated/contract.ts";
import type { operations, paths } from "../../generated/types.ts";
import { checkId, checkInteger } from "../wire/arguments.ts";
import type { Credentials, CredentialsProvider } from "../wire/credentials.ts";
import { checkCredentials } from "../wire/credentials.ts";
import { formatTime } from "../wire/time.ts";
import { callUrl } from "../wire/url.ts";
import { DcsApiError } from "./errors.ts";
import { readFailure } from "./failure.ts";
import { type BackupRecord, type BackupRecordsPage, readPage } from "./page.ts";
import { allRecords } from "./paging.ts";
import { defaultRetry, type RetryPolicy } from "./retry.ts";
import { createTransport, type Fetch, type RequestEvent, type ResponseEvent } from "./transport.ts";

export interface DcsClientOptions {
  /** DCS endpoint of the region that the instances are in, such as `https://dcs.sa-brazil-1.myhuaweicloud.com`. */
  endpoint?: string | undefined;
  /** Region, instead of `endpoint`: `sa-brazil-1` stands for `https://dcs.sa-brazil-1.myhuaweicloud.com`. */
  region?: string | undefined;
  /** ID of the project that the instances belong to. */
  projectId: string;
  /** A token, a pair of keys, or a function that fetches either. It is called for each request that is sent. */
  credentials: Credentials | CredentialsProvider;
  /** Sends requests in place of the global `fetch`. Redirects must not be followed: it is asked for `redirect: "manual"`. */
  fetch?: Fetch | undefined;
  /** Longest time for one try, in milliseconds: from asking for the credentials to the end of the answer. Default: 30 000 */
  timeoutMs?: number | undefined;
  /** How often and when to try again; `false` for never. Default: 3 times, within 500, 1000 and 2000 ms */
  retry?: RetryPolicy | false | undefined;
  /** Largest body that is read, in bytes after decompression. Default: 33 554 432 (32 MiB) */
  maxBodyBytes?: number | undefined;
  /** Called before each request that is sent, retries included, with nothing secret. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Called after each request that was answered or failed, and not after one that was aborted, with nothing secret. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** Allows `http:` to hosts other than loopback, which everybody on the way can read. Default: false */
  allowInsecureHttp?: boolean | undefined;
  /** The time that signatures carry. Default: the system's clock */
  now?: (() => Date) | undefined;
}

export interface TimeWindow {
  /** Start of the time window: a `Date`, or UTC written `yyyyMMddHHmmss`. Default: none */
  beginTime?: Date | string | undefined;
  /** End of the time window, likewise. Default: none */
  endTime?: Date | string | undefined;
  /** Aborts the call, which then rejects at once with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface ListOptions extends TimeWindow {
  /** Records on the page. Later revisions of the reference page document 1 to 1000. Default: the service's, 10 */
  limit?: number | undefined;
  /** Records to skip. Default: 0 */
  offset?: number | undefined;
}

export interface AllOptions extends TimeWindow {
  /** Records to ask for at a time. Later revisions of the reference page document 1 to 1000. Default: 100 */
  pageSize?: number | undefined;
}

export interface DcsClient {
  /**
   * One page of an instance's backup records.
   * @throws {TypeError | RangeError} that names the argument at fault; nothing is sent
   * @throws {DcsApiError} an answer with an error status
   * @throws {DcsResponseError} an answer that cannot be used
   * @throws {DcsTimeoutError} no answer in time
   * @throws {DcsNetworkError} no connection, or one that broke
   */
  listBackupRecords(instanceId: string, options?: ListOptions): Promise<BackupRecordsPage>;
  /**
   * Every backup record of an instance, each once, page by page: a page is fetched when its first record is asked for.
   * Throws what `listBackupRecords` throws.
   */
  backupRecords(instanceId: string, options?: AllOptions): AsyncGenerator<BackupRecord, void, undefined>;
  /** The contract's openapi-fetch client, with the same credentials, retries and limits. Answers are as the server wrote them. */
  readonly raw: Client<paths>;
}

type Query = NonNullable<operations["listBackupRecords"]["parameters"]["query"]>;
type PathParameters = operations["listBackupRecords"]["parameters"]["path"];

const callPath = new RegExp(`^${operation.path.replace(/{\w+}/g, "[^/]+")}(\\?|$)`);

/**
 * Makes a client of the service. Jest 29 can `require` it with `@babel/preset-env` in `babel.config.js` and
 * `"transformIgnorePatterns": ["/node_modules/(?!.*(dcs-backup-records|@noble/hashes)/)"]` in Jest's configuration.
 * @throws {TypeError | RangeError} that names the option at fault
 */
export function createDcsClient(options: DcsClientOptions): DcsClient {
  const { credentials, projectId, timeoutMs = 30_000, maxBodyBytes = 2 ** 25 } = options;
  const { fetch = (url, init) => globalThis.fetch(url, init), now = () => new Date() } = options;
  const endpoint = readEndpoint(options);
  const retry = { ...defaultRetry, ...(options.retry === false ? { limit: 0 } : options.retry) };
  checkId("projectId", projectId);
  if (!/^[!-~]+$/.test(projectId)) throw new RangeError("projectId must be visible ASCII"); // a header has it
  const provide = typeof credentials === "function" ? credentials : async () => credentials;
  if (provide !== credentials) checkCredentials(credentials as Credentials);
  checkInteger("timeoutMs", timeoutMs, 1);
  checkInteger("maxBodyBytes", maxBodyBytes, 1);
  for (const [name, value] of Object.entries(retry)) checkInteger(`retry.${name}`, value);
  const transport = createTransport({
    ...options,
    endpoint,
    credentials: provide,
    fetch,
    timeoutMs,
    retry,
    maxBodyBytes,
    now,
  });

  async function list(url: string, signal: AbortSignal | undefined): Promise<BackupRecordsPage> {
    const answer = await transport(url, { accept: "application/json" }, signal);
    if (answer.status < 300) return readPage(answer.status, answer.body);
    throw new DcsApiError(readFailure(answer, now()));
  }

  /** Checks what is asked for, and gives the URL of a page of it. */
  function query(instanceId: string, { beginTime, endTime }: TimeWindow): (limit?: number, offset?: number) => string {
    checkId("instanceId", instanceId);
    const begin_time = beginTime === undefined ? beginTime : formatTime("beginTime", beginTime);
    const end_time = endTime === undefined ? endTime : formatTime("endTime", endTime);
    if (begin_time && end_time && begin_time > end_time) throw new RangeError("beginTime must not be after endTime");
    const ids = { project_id: projectId, instance_id: instanceId } satisfies PathParameters;
    return (limit, offset) => callUrl(endpoint, ids, { begin_time, end_time, limit, offset } satisfies Query);
  }

  return {
    async listBackupRecords(instanceId, { limit, offset, signal, ...window } = {}) {
      if (limit !== undefined) checkInteger("limit", limit, 1);
      if (offset !== undefined) checkInteger("offset", offset);
      return list(query(instanceId, window)(limit, offset), signal);
    },
    backupRecords(instanceId, { pageSize = 100, signal, ...window } = {}) {
      checkInteger("pageSize", pageSize, 1);
      const page = query(instanceId, window);
      return allRecords((limit, offset) => list(page(limit, offset), signal), pageSize);
    },
    raw: createFetchClient<paths>({
      baseUrl: endpoint,
      fetch: async ({ method, url, headers: asked, signal }) => {
        const target = url.replace(endpoint, "");
        if (method !== operation.method || !callPath.test(target)) {
          throw new TypeError(`The contract has no ${method} ${target}`);
        }
        const { status, headers: got, body } = await transport(url, Object.fromEntries(asked), signal);
        const headers = got as Headers; // or of another implementation, which can be iterated as well
        return new Response([204, 205].includes(status) ? null : body, { status, headers });
      },
    }),
  };
}

/** A URL without a slash at its end. */
function readEndpoint({ endpoint, region, allowInsecureHttp }: DcsClientOptions): string {
  if ((endpoint === undefined) === (region === undefined)) throw new TypeError("Give either endpoint or region");
  if (region !== undefined && !/^[a-z0-9-]+$/.test(region)) throw new TypeError(`region must be like "sa-brazil-1"`);
  const text = endpoint ?? server.replace(/\.[^.]+/, `.${region}`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:[^?#@%]+$/.test(url.href)) {
    throw new TypeError(`endpoint must be like "${server}", without user, query and fragment`);
  }
  const isLoopback = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "https:" || isLoopback || allowInsecureHttp) return url.href.replace(/\/$/, "");
  throw new TypeError(`endpoint ${url.origin} would send the credentials unencrypted: use https:`);
}
