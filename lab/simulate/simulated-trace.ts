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
}
