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

/**
 * Share of hits in each stretch, at the stretch's middle in seconds: measured, and what is expected
 * of processes that were asked so often. Who was there before knows every page; of a new one each
 * first touch is a miss (occupancy problem).
 */
export function hitRates(one: Restart, shares: ArrayLike<number>) {
  const { fresh, old } = livesOf(one);
  const { binMillis } = one.watched;
  const bins = Math.max(0, ...one.watched.lives.map(({ lookups }) => lookups.length));
  return Array.from({ length: bins }, (_, bin) => {
    const lookups = sum([...fresh, ...old].map((life) => life.lookups[bin]!));
    const hits = sum([...fresh, ...old].map((life) => life.hits[bin]!));
    const misses = sum(
      fresh.map((life) => {
        const earlier = sum(life.lookups.slice(0, bin));
        return newKeys(shares, earlier, life.lookups[bin]!).mean;
      }),
    );
    const atSeconds = ((bin + 0.5) * binMillis) / 1_000;
    return { atSeconds, lookups, measured: hits / lookups, expected: 1 - misses / lookups };
  }).filter(({ lookups }) => lookups >= FEWEST_LOOKUPS);
}
