// The service behind the mock: the backup records of its instances, in pages and time windows. It knows nothing of HTTP but
// statuses, headers and bodies.

import type { Contract } from "../wire/contract.ts";
import { writeTime } from "../wire/time.ts";

/** A record of the contract, perhaps with fields that the contract does not know. */
export type BackupRecord = Readonly<Record<string, unknown>>;

export interface Dataset {
  /** In the order in which the service lists them. */
  records: readonly BackupRecord[];
  /** What `total_num` counts, which the reference page leaves open: all matching records, or those of the page. */
  total: "all" | "page";
  /** The instances that there are. Default: any */
  instances?: readonly string[] | undefined;
}

/** A request whose parameters are valid. */
export interface PageRequest {
  instanceId: string;
  limit: number;
  offset: number;
  /** Ends of the time window, as `yyyyMMddHHmmss`. */
  begin?: string | undefined;
  end?: string | undefined;
}

export interface Reply {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** JSON; without one there is no body. */
  body?: unknown;
  /** Whether it has a status of the contract, and departs from its schema on purpose. */
  offSchema?: true;
  /** The records of the service that the body holds. */
  held?: readonly BackupRecord[];
}

export const jsonReply = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body,
});

/** As later revisions of the page say. */
const usualLimit = 10;

/** What a query asks for. The judge has found its parameters valid. */
export const pageRequest = (instanceId: string, query: URLSearchParams): PageRequest => ({
  instanceId,
  limit: Number(query.get("limit") ?? usualLimit),
  offset: Number(query.get("offset") ?? 0),
  begin: query.get("begin_time") ?? undefined,
  end: query.get("end_time") ?? undefined,
});

export class Service {
  readonly contract: Contract;
  readonly #dataset: Dataset;
  readonly #records: readonly BackupRecord[];
  /** When each of them ran, as the contract's parameters write it, as a number: 0 without times. */
  readonly #created: Float64Array;
  readonly #updated: Float64Array;

  constructor(contract: Contract, dataset: Dataset, records = dataset.records) {
    this.contract = contract;
    this.#dataset = dataset;
    this.#records = records;
    this.#created = Float64Array.from(records, (record) => timeOf(record.created_at) ?? timeOf(record.updated_at) ?? 0);
    this.#updated = Float64Array.from(records, (record) => timeOf(record.updated_at) ?? timeOf(record.created_at) ?? 0);
  }

  /** The same service with a new backup at the top of its list. */
  with(record: BackupRecord): Service {
    return new Service(this.contract, this.#dataset, [record, ...this.#records]);
  }

  /** The records of the beginning. */
  get records(): readonly BackupRecord[] {
    return this.#dataset.records;
  }

  answer({ instanceId, limit, offset, begin, end }: PageRequest): Reply {
    const { instances, total } = this.#dataset;
    if (instances && !instances.includes(instanceId))
      return jsonReply(404, { error_code: "DCS.3022", error_msg: "This DCS instance does not exist." });
    const isAll = begin === undefined && end === undefined;
    const matching = isAll ? this.#records : this.#within(Number(begin ?? 0), Number(end ?? Number.POSITIVE_INFINITY));
    const page = matching.slice(offset, offset + Math.max(0, limit));
    return this.page(page, total === "all" ? matching.length : page.length, instanceId);
  }

  /** A backup that was running within the window belongs to it; one without times is in no window. */
  #within(begin: number, end: number): BackupRecord[] {
    return this.#records.filter((_, index) => {
      const [created = 0, updated = 0] = [this.#created[index], this.#updated[index]];
      return created > 0 && begin <= end && updated >= begin && created <= end;
    });
  }

  /** The answer with these records, each of which is of the instance that was asked for. */
  page(records: readonly BackupRecord[], total: number, instanceId: string): Reply {
    const { status, list } = this.contract.page;
    const body = {
      total_num: total,
      [list]: records.map((record) =>
        typeof record.instance_id === "string" ? { ...record, instance_id: instanceId } : record,
      ),
    };
    return { ...jsonReply(status, body), held: records };
  }
}

/** Of a year of four digits: only those can be asked for. */
function timeOf(value: unknown): number | undefined {
  const text = typeof value === "string" ? writeTime(new Date(value)) : "";
  return text.length === 14 ? Number(text) : undefined;
}
