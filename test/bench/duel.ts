// Measures two ways to do one thing against each other.

import { median, quantile } from "./report.ts";

export type Work = () => Promise<unknown>;

/** Of one call, in microseconds. */
interface Round {
  theirs: number;
  ours: number;
}

const roundMs = 12;

/**
 * Calls both in turn, one call at a time, in many short rounds: a slow moment of the machine affects both sides of a few
 * rounds. The first one changes from round to round.
 */
export async function duel(theirs: Work, ours: Work, seconds: number, signal: AbortSignal): Promise<Round[]> {
  const warmUp = [await lasting(theirs, 300), await lasting(ours, 300)];
  const calls = Math.max(1, Math.round((roundMs * 1000) / Math.max(...warmUp)));
  const rounds: Round[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    signal.throwIfAborted();
    if (rounds.length % 2 === 0) rounds.push({ theirs: await time(theirs, calls), ours: await time(ours, calls) });
    else rounds.push({ ours: await time(ours, calls), theirs: await time(theirs, calls) });
  }
  return rounds;
}

/** Duration of a call in microseconds. */
export async function time(work: Work, calls: number): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) await work();
  return ((performance.now() - start) * 1000) / calls;
}

async function lasting(work: Work, milliseconds: number): Promise<number> {
  const times: number[] = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; ) times.push(await time(work, 1));
  return median(times);
}

export interface Summary {
  theirs: number;
  ours: number;
  /** Ours / theirs. */
  ratio: number;
  /** The ratios of the middle half of the rounds. */
  spread: string;
  /** Ours - theirs. */
  difference: number;
}

export function summarize(rounds: Round[]): Summary {
  const ratios = rounds.map(({ theirs, ours }) => ours / theirs);
  return {
    theirs: median(rounds.map(({ theirs }) => theirs)),
    ours: median(rounds.map(({ ours }) => ours)),
    ratio: median(ratios),
    spread: `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`,
    difference: median(rounds.map(({ theirs, ours }) => ours - theirs)),
  };
}
