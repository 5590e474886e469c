// A million records, page by page: how long it takes, and what it leaves in memory.

import type { createDcsClient } from "../../src/client/index.ts";
import { type Summary, summarize, time } from "./duel.ts";
import { records } from "./server.ts";

const share = 25_000;
const watched = [0, 250_000, 500_000, records];

export interface Paging {
  pageSize: number;
  /** Of one record, in microseconds. */
  time: Summary;
  /** Bytes in memory after so many records, more than before the first. */
  growth: { records: number; bytes: number }[];
}

/** Takes a share of the records from the client, then the same share with bare fetch, in turn until all are taken. */
export async function measurePaging(
  client: ReturnType<typeof createDcsClient>,
  bare: (offset: number, limit: number) => Promise<unknown[]>,
  pageSize: number,
  signal: AbortSignal,
): Promise<Paging> {
  const generator = client.backupRecords("instance", { pageSize });
  const takeOurs = async () => {
    for (let taken = 0; taken < share; taken += 1)
      if ((await generator.next()).done) throw new Error("The client stopped before the last record");
  };
  let offset = 0;
  const takeTheirs = async () => {
    for (const end = offset + share; offset < end; ) offset += (await bare(offset, pageSize)).length;
  };
  const rounds = [];
  const memory = [{ records: 0, bytes: await bytesInUse() }];
  for (let taken = share; taken <= records; taken += share) {
    signal.throwIfAborted();
    const [ours, theirs] = [await time(takeOurs, 1), await time(takeTheirs, 1)];
    rounds.push({ ours: ours / share, theirs: theirs / share });
    if (watched.includes(taken)) memory.push({ records: taken, bytes: await bytesInUse() });
  }
  const [before, ...after] = memory;
  return {
    pageSize,
    time: summarize(rounds),
    growth: after.map((point) => ({ ...point, bytes: point.bytes - (before?.bytes ?? 0) })),
  };
}

/** What is still reachable; some of what is not is let go in a later turn of the event loop only. */
async function bytesInUse(): Promise<number> {
  if (!globalThis.gc) throw new Error("Memory is measured with node --expose-gc");
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
