import type { Arm, Phase, WorkerFigures } from './schema.ts';

/** What is counted of the same things everywhere. */

/** The numbers added up. */
export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** Cold, expired and evicted together. */
export function missesOf({ misses }: Pick<WorkerFigures, 'misses'>): number {
  return misses.cold + misses.expired + misses.evicted;
}

/** Lookups: what a hit rate is a rate of. */
export function lookupsOf(figures: Pick<WorkerFigures, 'hits' | 'misses'>): number {
  return figures.hits + missesOf(figures);
}

/** Hits per lookup; `null` without lookups. Lookups that failed are neither. */
export function hitRateOf(figures: Pick<WorkerFigures, 'hits' | 'misses'>): number | null {
  const lookups = lookupsOf(figures);
  return lookups === 0 ? null : figures.hits / lookups;
}

/** Requests of all phases. */
export function requestsOf({ phases }: Pick<Arm, 'phases'>): number {
  return sum(phases.map(({ totals }) => totals.requests));
}

/** The phases on one axis of requests: each with how many were sent before it. */
export function phasesInTurn({ phases }: Pick<Arm, 'phases'>) {
  return phases.map((phase, index) => ({
    phase,
    start: requestsOf({ phases: phases.slice(0, index) }),
  }));
}

/** The phase of that name. */
export function phaseOf({ phases }: Pick<Arm, 'phases'>, name: string): Phase | undefined {
  return phases.find((phase) => phase.name === name);
}

/** The value in the middle; of two, their mean; `null` of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
