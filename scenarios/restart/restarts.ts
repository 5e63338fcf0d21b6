import { sum } from '../../reports/record/tally.ts';
import type { SeenArm } from '../kit/contract.ts';
import type { LifeTraffic } from '../theory/of-arm.ts';
import type { Watched, WatchedLife } from './watch.ts';

/** What is seen of one way to restart. */
export interface Restart {
  readonly phase: string;
  readonly label: string;
  readonly sent: number;
  readonly answered: number;
  /** Entries in all caches just before. */
  readonly entriesBefore: number;
  /** From the order to the last replacement's answer. */
  readonly tookMillis: number;
  readonly watched: Watched;
}

/** What is seen of an arm. */
export interface Seen {
  readonly warm: Watched;
  /** In the order in which they were done. */
  readonly restarts: readonly Restart[];
}

/** A stretch with fewer lookups says nothing about a rate. */
export const FEWEST_LOOKUPS = 15;

/** Share of hits in each stretch, at the stretch's middle in seconds. */
export function hitRates({ watched }: Restart): [number, number][] {
  const { binMillis, lookups, hits } = watched;
  return lookups.flatMap((asked, bin) =>
    asked < FEWEST_LOOKUPS ? [] : [[((bin + 0.5) * binMillis) / 1_000, hits[bin]! / asked]],
  );
}

/** Each process that answered in this restart's phase, with what it had been asked before. */
export function livesOf(arm: SeenArm<Seen>, one: Restart): LifeTraffic[] {
  return one.watched.lives.map(({ pid, requests }) => ({
    requests,
    before: requestsBefore(arm, one, pid),
  }));
}

/** The processes that did not exist before the restart. */
export function newLives(arm: SeenArm<Seen>, one: Restart): WatchedLife[] {
  return one.watched.lives.filter(({ pid }) => requestsBefore(arm, one, pid) === 0);
}

export const missesIn = ({ watched }: Restart) => sum(watched.lives.map(({ misses }) => misses));
export const unanswered = ({ sent, answered }: Restart) => sent - answered;

/** Requests that a process answered in the phases before. */
function requestsBefore({ observations }: SeenArm<Seen>, one: Restart, pid: number): number {
  const { warm, restarts } = observations;
  const at = restarts.findIndex(({ phase }) => phase === one.phase);
  const lives = [warm, ...restarts.slice(0, at).map(({ watched }) => watched)].flatMap(
    (watched) => watched.lives,
  );
  return sum(lives.filter((life) => life.pid === pid).map(({ requests }) => requests));
}
