import type { TrafficResponse } from '../kit/contract.ts';

/** Length of a stretch of the curve. */
const BIN_MILLIS = 250;
/** How many of a process's first lookups tell how little it knows. */
export const FIRST_LOOKUPS = 50;
/** A process has caught up when the pages that it knows make up this share of the requests. */
export const CAUGHT_UP = 0.8;

/** What one process did while it was watched. */
export interface WatchedLife {
  readonly slot: number;
  readonly pid: number;
  readonly requests: number;
  readonly misses: number;
  /** Pages of which its first lookup missed. */
  readonly pagesRead: number;
  /** Pages of which its first lookup was a hit; counted up to a lookup that no client saw. */
  readonly knownAtOnce: number;
  /** Hits among its first lookups, of which there are {@link FIRST_LOOKUPS} at most. */
  readonly firstHits: number;
  /**
   * When it had caught up: after so many lookups, so long after its first response; `null`: it had
   * not.
   */
  readonly caughtUp: { readonly lookups: number; readonly millis: number } | null;
  /** By stretch of time from the first response of all. */
  readonly lookups: number[];
  readonly hits: number[];
}

/** Traffic as seen from outside, process by process and over time. */
export interface Watched {
  readonly lives: WatchedLife[];
  readonly binMillis: number;
  readonly marks: { readonly atMillis: number; readonly label: string }[];
}

/** Watches responses; the process that answered is known by its pid, which a restart changes. */
export class Watch {
  readonly #shares: ArrayLike<number>;
  readonly #responses: TrafficResponse[] = [];
  readonly #marks: { atMillis: number; label: string }[] = [];

  /** @param shares of the requests, by key */
  constructor(shares: ArrayLike<number>) {
    this.#shares = shares;
  }

  readonly see = (response: TrafficResponse): void => {
    this.#responses.push(response);
  };

  /** Something happened, as of the last response. */
  mark(label: string): void {
    this.#marks.push({ atMillis: this.#responses.at(-1)?.arrivedMillis ?? 0, label });
  }

  watched(): Watched {
    const bins = 1 + Math.max(-1, ...this.#responses.map(binOf));
    const lives = [...Map.groupBy(this.#responses, pidOf)].map(([pid, own]) => ({
      ...{ pid, slot: own[0]!.slot },
      ...learnt(
        own.toSorted((a, b) => sequenceOf(a) - sequenceOf(b)),
        this.#shares,
      ),
      ...stretches(own, bins),
    }));
    return {
      lives: lives.sort((a, b) => a.slot - b.slot),
      ...{ binMillis: BIN_MILLIS, marks: this.#marks },
    };
  }
}

const pidOf = ({ headers }: TrafficResponse) => Number(headers['x-worker-pid']);
/**
 * Responses may overtake each other; the cache's own numbers tell which lookup came first. What a
 * miss loads has a number of its own.
 */
function numbersOf({ headers }: TrafficResponse): number[] {
  return [...(headers['x-cache-sequence'] ?? '0').matchAll(/\d+/g)].map(Number);
}
const sequenceOf = (response: TrafficResponse) => numbersOf(response)[0]!;
const binOf = ({ arrivedMillis }: TrafficResponse) => Math.floor(arrivedMillis / BIN_MILLIS);
const isHit = ({ outcome }: TrafficResponse) => outcome === 'hit';

/** What a process knew at once, and how it learnt the rest, from its lookups in their order. */
function learnt(lookups: readonly TrafficResponse[], shares: ArrayLike<number>) {
  const first = [...Map.groupBy(lookups, ({ key }) => key).values()].map(([lookup]) => lookup!);
  const began = Math.min(...lookups.map(({ arrivedMillis }) => arrivedMillis));
  const seen = new Set(lookups.flatMap(numbersOf));
  let unseen = 1;
  while (seen.has(unseen)) unseen += 1;
  let known = 0;
  const enough = first.find(({ key }) => {
    known += shares[key]!;
    return known >= CAUGHT_UP;
  });
  return {
    requests: lookups.length,
    misses: lookups.filter((lookup) => !isHit(lookup)).length,
    pagesRead: first.filter((lookup) => !isHit(lookup)).length,
    knownAtOnce: first.filter((lookup) => isHit(lookup) && sequenceOf(lookup) < unseen).length,
    firstHits: lookups.slice(0, FIRST_LOOKUPS).filter(isHit).length,
    caughtUp: enough
      ? { lookups: lookups.indexOf(enough) + 1, millis: enough.arrivedMillis - began }
      : null,
  };
}

function stretches(responses: readonly TrafficResponse[], bins: number) {
  const lookups = new Array<number>(bins).fill(0);
  const hits = new Array<number>(bins).fill(0);
  for (const response of responses) {
    lookups[binOf(response)]! += 1;
    if (isHit(response)) hits[binOf(response)]! += 1;
  }
  return { lookups, hits };
}
