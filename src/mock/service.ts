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

interface Listed {
  record: BackupRecord;
  /** When the backup ran, as the contract's parameters write it; a record without times is in no window. */
  created: string;
  updated: string;
}

export class Service {
  readonly contract: Contract;
  readonly #dataset: Dataset;
  readonly #listed: readonly Listed[];

  constructor(contract: Contract, dataset: Dataset, all: readonly Listed[] = dataset.records.map(listed)) {
    this.contract = contract;
    this.#dataset = dataset;
    this.#listed = all;
  }

  /** The same service with a new backup at the top of its list. */
  with(record: BackupRecord): Service {
    return new Service(this.contract, this.#dataset, [listed(record), ...this.#listed]);
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
    const matching = isAll ? this.#listed : this.#listed.filter((record) => isWithin(record, begin, end));
    const page = matching.slice(offset, offset + Math.max(0, limit));
    return this.page(
      page.map(({ record }) => record),
      total === "all" ? matching.length : page.length,
      instanceId,
    );
  }

  /** The answer with these records, each of which is of the instance that was asked for. */
  page(records: readonly BackupRecord[], total: number, instanceId: string): Reply {
    const { status, list } = this.contract.page;
    const body = {
      total_num: total,
      [list]: records.map((record) => ("instance_id" in record ? { ...record, instance_id: instanceId } : record)),
    };
    return { ...jsonReply(status, body), held: records };
  }
}

function listed(record: BackupRecord): Listed {
  const [created, updated] = [timeOf(record.created_at), timeOf(record.updated_at)];
  return { record, created: created ?? updated ?? "", updated: updated ?? created ?? "" };
}

const timeOf = (value: unknown) => (typeof value === "string" ? writeTime(new Date(value)) || undefined : undefined);

/** A backup that was running within the window belongs to it. */
function isWithin({ created, updated }: Listed, begin = "", end = "99999999999999"): boolean {
  return created !== "" && updated >= begin && created <= end;
}
