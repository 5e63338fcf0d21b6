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
  readonly #rows: { slot: number; pid: number; key: number; sequence: number; hit: boolean }[] = [];
  readonly #lookups: number[] = [];
  readonly #hits: number[] = [];
  readonly #marks: { atMillis: number; label: string }[] = [];
  #lastMillis = 0;

  readonly see = (response: TrafficResponse): void => {
    const hit = response.outcome === 'hit';
    this.#rows.push({
      slot: response.slot,
      pid: Number(response.headers['x-worker-pid']),
      key: response.key,
      sequence: Number.parseInt(response.headers['x-cache-sequence'] ?? '0', 10),
      hit,
    });
    this.#lastMillis = response.arrivedMillis;
    const bin = Math.floor(response.arrivedMillis / BIN_MILLIS);
    while (this.#lookups.length <= bin) {
      this.#lookups.push(0);
      this.#hits.push(0);
    }
    this.#lookups[bin]! += 1;
    if (hit) this.#hits[bin]! += 1;
  };

  /** Something happened, as of the last response. */
  mark(label: string): void {
    this.#marks.push({ atMillis: this.#lastMillis, label });
  }

  watched(): Watched {
    const lives = [...Map.groupBy(this.#rows, ({ pid }) => pid).values()].map((rows) => {
      // Responses may overtake each other; the cache's own numbers tell which lookup came first.
      rows.sort((a, b) => a.sequence - b.sequence);
      const first = new Map<number, boolean>();
      for (const { key, hit } of rows) if (!first.has(key)) first.set(key, hit);
      return {
        slot: rows[0]!.slot,
        pid: rows[0]!.pid,
        requests: rows.length,
        misses: rows.filter(({ hit }) => !hit).length,
        knownAtOnce: [...first.values()].filter((hit) => hit).length,
      };
    });
    return {
      lives: lives.sort((a, b) => a.slot - b.slot),
      binMillis: BIN_MILLIS,
      lookups: this.#lookups,
      hits: this.#hits,
      marks: this.#marks,
    };
  }
}
