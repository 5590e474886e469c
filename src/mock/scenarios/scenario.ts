// A scenario: what the service was seen to do besides its ordinary answers.

import type { Contract } from "../../wire/contract.ts";
import type { Delivery } from "../received.ts";
import type { BackupRecord, PageRequest, Reply, Service } from "../service.ts";

export interface Scenario {
  name: string;
  /** What the service does, as a sentence without a full stop. */
  title: string;
  /** What it rests on: where that was seen or said. */
  evidence: string;
  /** Whether a client that reads the contract must be able to take its answers. */
  keeps: (contract: Contract) => boolean;
  /** Whether the service has no records in it. */
  isEmpty?: true;
  /** Begins it. What it remembers lives as long as its answers. */
  begin: (service: Service) => Play | Promise<Play>;
}

/** Answers a request that is valid and has credentials. */
export type Play = (call: Call) => Delivery;

export interface Call {
  /** Of the request, counted from 1. */
  number: number;
  request: PageRequest;
  /** Path and query, as sent. */
  target: string;
  /** Token or access key: what tells one client from another. */
  credential: string;
  /** Milliseconds of a clock that only goes on. */
  now: number;
  /** What the service answers by itself: to this request, or to another. */
  answer: (request?: PageRequest) => Reply;
}

/** A reply whose records are changed one by one. */
export function withRecords(
  reply: Reply,
  { page }: Contract,
  change: (record: BackupRecord, index: number) => object,
): Reply {
  const body = reply.body as Record<string, unknown>;
  const list = body?.[page.list];
  return Array.isArray(list) ? { ...reply, body: { ...body, [page.list]: list.map(change) } } : reply;
}
