import type { Arm, Bins } from '../record/schema.ts';
import { phasesInTurn, sum } from '../record/tally.ts';

/** Hits and lookups of one stretch of requests. */
export interface Bin {
  /** Requests sent when it ended, over all phases of the arm. */
  readonly end: number;
  readonly hits: number;
  readonly lookups: number;
}

/** Fewer lookups behind a point make it jump about by chance alone. */
const LOOKUPS_PER_POINT = 50;
/** A line with fewer points tells no story. */
const FEWEST_POINTS = 10;

/**
 * How many requests stand behind a point when an arm is drawn over the run as `lines` lines: whole bins
 * of the record, enough of them for some {@link LOOKUPS_PER_POINT} lookups on each line. Bins are
 * added up, never averaged.
 */
export function stretchOf(arm: Arm, lines: number): number {
  const perBin = Math.max(1, ...arm.phases.map((phase) => phase.bins.requestsPerBin));
  const longest = Math.max(1, ...arm.phases.map((phase) => phase.totals.requests));
  const wanted = Math.min(LOOKUPS_PER_POINT * lines, longest / FEWEST_POINTS);
  return perBin * Math.max(1, Math.ceil(wanted / perBin));
}

/** What all workers together did over the run. */
export function fleetBins(arm: Arm, stretch: number): Bin[] {
  return armBins(arm, stretch, () => true);
}

/** What one worker did over the run; a stretch in which it was asked nothing has no lookups. */
export function workerBins(arm: Arm, slot: number, stretch: number): Bin[] {
  return armBins(arm, stretch, (worker) => worker.slot === slot);
}

/** The workers of an arm that stand in its bins. */
export function slotsOf(arm: Arm): number[] {
  const slots = arm.phases.flatMap((phase) => phase.bins.workers.map((worker) => worker.slot));
  return [...new Set(slots)].sort((a, b) => a - b);
}

type WorkerBins = Bins['workers'][number];

/** The phases follow each other on one axis; a phase begins a stretch of its own. */
function armBins(arm: Arm, stretch: number, wanted: (worker: WorkerBins) => boolean): Bin[] {
  return phasesInTurn(arm).flatMap(({ phase, start }) => {
    const { requestsPerBin, workers } = phase.bins;
    const step = Math.max(1, Math.round(stretch / requestsPerBin));
    const count = Math.max(0, ...workers.map((worker) => worker.requests.length));
    const chosen = workers.filter(wanted);
    return Array.from({ length: Math.ceil(count / step) }, (_, index): Bin => {
      const from = index * step;
      const counted = (column: 'hits' | 'cold' | 'expired' | 'evicted') =>
        sum(chosen.flatMap((worker) => worker[column].slice(from, from + step)));
      const hits = counted('hits');
      const misses = counted('cold') + counted('expired') + counted('evicted');
      const end = start + Math.min((from + step) * requestsPerBin, phase.totals.requests);
      return { end, hits, lookups: hits + misses };
    });
  });
}
