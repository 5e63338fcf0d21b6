import { count } from '../../reports/record/format.ts';
import type { SimulatedFleet } from './simulate.ts';
import type { TraceReader } from './trace/trace-reader.ts';

/** A trace that was run through fleets, and how. */
export interface SimulatedTrace {
  readonly name: string;
  readonly reader: TraceReader;
  readonly fleets: readonly SimulatedFleet[];
  readonly maxEntries: number;
  /** What was asked for; it may not have had an effect, see the warnings. */
  readonly timeoutSeconds: number | null;
  readonly sample: number;
  /** How long lookups take; left out: it was not given. */
  readonly lookups?: LookupTimes | undefined;
}

/** Milliseconds. */
export interface LookupTimes {
  /** A hit in the worker's own cache. */
  readonly hit: number;
  /** What a miss adds: the database. */
  readonly miss: number;
  /** A lookup in the shared cache, hit or not. */
  readonly shared: number;
}

/** Hits per request of the whole trace, 0…1. */
export function simulatedHitRate({ reader }: SimulatedTrace, fleet: SimulatedFleet): number {
  return Math.max(0, 1 - fleet.misses / reader.requests);
}

/** The fleets that have the capacity that was asked for. */
export function askedFleets({ fleets, maxEntries }: SimulatedTrace): SimulatedFleet[] {
  return fleets.filter((fleet) => fleet.shared || fleet.maxEntries === maxEntries);
}

/** The two places where entries can be, as curves and bars tell them apart. */
export function placesOf(trace: SimulatedTrace): { name: string; fleets: SimulatedFleet[] }[] {
  const asked = askedFleets(trace);
  const entries = count(trace.maxEntries);
  return [
    { name: `${entries} entries in each worker`, fleets: asked.filter(({ shared }) => !shared) },
    { name: `one shared cache of N × ${entries}`, fleets: asked.filter(({ shared }) => shared) },
  ].filter(({ fleets }) => fleets.length > 0);
}
