import { median } from '../../reports/record/tally.ts';
import type { TrafficResponse } from '../kit/contract.ts';
import { serverMicros } from '../kit/server-timing.ts';

/** Every request's place in the sequence of requests for its key, and what it took; columns of equal length. */
export interface Asked {
  /** 1: the key was never asked for before. */
  readonly nth: number[];
  readonly latencyMicros: number[];
  /** Time in the database, as the worker told it; 0 where it was not asked. */
  readonly originMicros: number[];
}

/** Counts how often each key was asked for, and reads the database's part from Server-Timing. */
export class AskedWatch {
  readonly asked: Asked = { nth: [], latencyMicros: [], originMicros: [] };
  readonly #times = new Map<number, number>();

  readonly see = ({ key, latencyMicros, headers }: TrafficResponse): void => {
    const nth = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, nth);
    this.asked.nth.push(nth);
    this.asked.latencyMicros.push(Math.round(latencyMicros));
    this.asked.originMicros.push(Math.round(serverMicros(headers, 'origin') ?? 0));
  };
}

/** The median time of the requests that are wanted, by their place in that row; `null` of none. */
export function medianOf(
  asked: Asked,
  column: 'latencyMicros' | 'originMicros',
  wanted: (nth: number) => boolean,
): number | null {
  return median(asked[column].filter((_, i) => wanted(asked.nth[i]!)));
}

/** What the client waited for the first request for a key. */
export const firstMicros = (asked: Asked) => medianOf(asked, 'latencyMicros', (nth) => nth === 1);

/** What it waited for all later ones. */
export const laterMicros = (asked: Asked) => medianOf(asked, 'latencyMicros', (nth) => nth > 1);

/** How many times longer the first took; `null` where there was nothing to compare. */
export function factorOf(asked: Asked): number | null {
  const [first, later] = [firstMicros(asked), laterMicros(asked)];
  return first === null || !later ? null : first / later;
}
