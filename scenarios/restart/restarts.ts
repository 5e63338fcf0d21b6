import { sum } from '../../reports/record/tally.ts';
import type { SeenArm } from '../kit/contract.ts';
import { newKeys } from '../theory/occupancy.ts';
import { FIRST_LOOKUPS, type Watched, type WatchedLife } from './watch.ts';

/** What is seen of one way to restart; when it began, every worker held every page. */
export interface Restart {
  readonly phase: string;
  readonly label: string;
  readonly sent: number;
  readonly answered: number;
  /** The processes just before, with what each held. */
  readonly before: readonly {
    readonly slot: number;
    readonly pid: number;
    readonly entries: number;
  }[];
  /** From the order to the last replacement's answer. */
  readonly tookMillis: number;
  readonly watched: Watched;
}

/** What is seen of an arm. */
export interface Seen {
  /** In the order in which they were done. */
  readonly restarts: readonly Restart[];
}

export type RestartedArm = SeenArm<Seen>;

/** The processes that the restart put in the place of others, and those that were there before. */
export function livesOf({ before, watched }: Restart) {
  const wasThere = ({ pid }: WatchedLife) => before.some((one) => one.pid === pid);
  return {
    fresh: watched.lives.filter((life) => !wasThere(life)),
    old: watched.lives.filter(wasThere),
  };
}

/** What the replaced processes held. */
export function entriesLost(one: Restart): number {
  const replaced = new Set(livesOf(one).fresh.map(({ slot }) => slot));
  return sum(one.before.flatMap(({ slot, entries }) => (replaced.has(slot) ? entries : [])));
}

/** Queries to the database that would not have been, had nobody been replaced. */
export const cost = (one: Restart) => sum(livesOf(one).fresh.map(({ misses }) => misses));
export const unanswered = ({ sent, answered }: Restart) => sent - answered;

/** How many of its first lookups each new process is judged by. */
export function firstLookups(one: Restart): number[] {
  return livesOf(one).fresh.map(({ requests }) => Math.min(FIRST_LOOKUPS, requests));
}

/** Of the first lookups of all new processes, the share that hit; `null`: there were none. */
export function firstHitRate(one: Restart): number | null {
  const lookups = sum(firstLookups(one));
  const hits = sum(livesOf(one).fresh.map(({ firstHits }) => firstHits));
  return lookups === 0 ? null : hits / lookups;
}

/** What the new processes of these restarts needed to catch up, on average; `null`: not all did. */
export function caughtUp(restarts: readonly Restart[]) {
  const lives = restarts.flatMap((one) => livesOf(one).fresh);
  const each = lives.flatMap((life) => life.caughtUp ?? []);
  if (each.length === 0 || each.length < lives.length) return null;
  const mean = (of: (one: (typeof each)[number]) => number) => sum(each.map(of)) / each.length;
  return { lookups: mean(({ lookups }) => lookups), millis: mean(({ millis }) => millis) };
}

/** A stretch with fewer lookups says nothing about a rate. */
const FEWEST_LOOKUPS = 15;
/** A slow restart takes long; more points would only show the noise of each. */
const MOST_POINTS = 48;

/** How many stretches make a point of the curve. */
function stretchesPerPoint({ watched }: Restart): number {
  return Math.max(1, Math.ceil((watched.lives[0]?.lookups.length ?? 0) / MOST_POINTS));
}

/** How much time a point of the curve stands for. */
export function secondsPerPoint(one: Restart): number {
  return (stretchesPerPoint(one) * one.watched.binMillis) / 1_000;
}

/**
 * Share of hits in each stretch, at the stretch's middle in seconds: measured, and what is expected
 * of processes that were asked so often. Who was there before knows every page; of a new one each
 * first touch is a miss (occupancy problem).
 */
export function hitRates(one: Restart, shares: ArrayLike<number>) {
  const { lives } = one.watched;
  const step = stretchesPerPoint(one);
  const points = Math.ceil((lives[0]?.lookups.length ?? 0) / step);
  return Array.from({ length: points }, (_, point) => {
    const [from, to] = [point * step, (point + 1) * step];
    const lookups = sum(lives.flatMap((life) => life.lookups.slice(from, to)));
    const hits = sum(lives.flatMap((life) => life.hits.slice(from, to)));
    const misses = sum(
      livesOf(one).fresh.map((life) => {
        const earlier = sum(life.lookups.slice(0, from));
        return newKeys(shares, earlier, sum(life.lookups.slice(from, to))).mean;
      }),
    );
    const atSeconds = (point + 0.5) * secondsPerPoint(one);
    return { atSeconds, lookups, measured: hits / lookups, expected: 1 - misses / lookups };
  }).filter(({ lookups }) => lookups >= FEWEST_LOOKUPS);
}
