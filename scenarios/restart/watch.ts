import type { TrafficResponse } from '../kit/contract.ts';

/** Length of a stretch of the curve. */
export const BIN_MILLIS = 250;

/** What one process did while it was watched. */
export interface WatchedLife {
  readonly slot: number;
  readonly pid: number;
  readonly requests: number;
  readonly misses: number;
  /** Keys that were a hit when this process was asked for them for the first time. */
  readonly knownAtOnce: number;
}

/** Traffic as seen from outside, process by process and over time. */
export interface Watched {
  readonly lives: WatchedLife[];
  readonly binMillis: number;
  /** By stretch of time from the first response. */
  readonly lookups: number[];
  readonly hits: number[];
  readonly marks: { readonly atMillis: number; readonly label: string }[];
}

/** Watches responses; the process that answered is known by its pid, which a restart changes. */
export class Watch {
  readonly #responses: TrafficResponse[] = [];
  readonly #marks: { atMillis: number; label: string }[] = [];

  readonly see = (response: TrafficResponse): void => {
    this.#responses.push(response);
  };

  /** Something happened, as of the last response. */
  mark(label: string): void {
    this.#marks.push({ atMillis: this.#responses.at(-1)?.arrivedMillis ?? 0, label });
  }

  watched(): Watched {
    const lives = [...Map.groupBy(this.#responses, pidOf)].map(([pid, own]) => lifeOf(pid, own));
    const lookups: number[] = [];
    const hits: number[] = [];
    for (const { arrivedMillis, outcome } of this.#responses) {
      const bin = Math.floor(arrivedMillis / BIN_MILLIS);
      while (lookups.length <= bin) {
        lookups.push(0);
        hits.push(0);
      }
      lookups[bin]! += 1;
      if (outcome === 'hit') hits[bin]! += 1;
    }
    return {
      lives: lives.sort((a, b) => a.slot - b.slot),
      ...{ binMillis: BIN_MILLIS, lookups, hits, marks: this.#marks },
    };
  }
}

const pidOf = ({ headers }: TrafficResponse) => Number(headers['x-worker-pid']);
/** Responses may overtake each other; the cache's own numbers tell which lookup came first. */
const sequenceOf = ({ headers }: TrafficResponse) =>
  Number.parseInt(headers['x-cache-sequence'] ?? '0', 10);

function lifeOf(pid: number, responses: readonly TrafficResponse[]): WatchedLife {
  const inOrder = responses.toSorted((a, b) => sequenceOf(a) - sequenceOf(b));
  const byKey = Map.groupBy(inOrder, ({ key }) => key);
  return {
    ...{ slot: inOrder[0]!.slot, pid, requests: inOrder.length },
    misses: inOrder.filter(({ outcome }) => outcome !== 'hit').length,
    knownAtOnce: [...byKey.values()].filter(([first]) => first!.outcome === 'hit').length,
  };
}
