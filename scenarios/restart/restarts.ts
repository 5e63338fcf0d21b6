import type { Arm } from '../../reports/record/schema.ts';
import type { LifeTraffic } from '../theory/expected-misses.ts';
import type { Watched } from './watch.ts';

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

/** A stretch with fewer lookups says nothing about a rate. */
const FEWEST_LOOKUPS = 15;

/** Share of hits in each stretch, at the stretch's middle in seconds. */
export function hitRates({ watched }: Restart): [number, number][] {
  const { binMillis, lookups, hits } = watched;
  return lookups.flatMap((asked, bin) =>
    asked < FEWEST_LOOKUPS ? [] : [[((bin + 0.5) * binMillis) / 1_000, hits[bin]! / asked]],
  );
}

/** Each process that answered in this restart's phase, with what it had been asked before. */
export function livesOf(arm: Arm, one: Restart): LifeTraffic[] {
  return one.watched.lives.map(({ pid, requests }) => ({
    requests,
    before: lifeBefore(arm, one, pid),
  }));
}

/** Requests that a process answered in the phases before; 0 for one that did not exist yet. */
export function lifeBefore(arm: Arm, one: Restart, pid: number): number {
  const restarts = restartsOf(arm);
  const at = restarts.findIndex(({ phase }) => phase === one.phase);
  const earlier = [warmOf(arm), ...restarts.slice(0, at).map(({ watched }) => watched)];
  return sum(
    earlier.flatMap(({ lives }) =>
      lives.filter((life) => life.pid === pid).map((life) => life.requests),
    ),
  );
}

/** The restarts of an arm, in order. */
export const restartsOf = (arm: Arm) => (arm.observations.restarts ?? []) as Restart[];

const warmOf = (arm: Arm) => arm.observations.warm as Watched;

/** The numbers added up. */
export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
