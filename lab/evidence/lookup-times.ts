import { isMiss } from '../../scenarios/theory/outcomes.ts';
import type { LookupTimes, WorkerTimes } from '../../scenarios/theory/redraw.ts';
import { type Ledger, READ } from '../traffic/ledger.ts';

/** A lookup in one of several ledgers. */
interface Place {
  readonly ledger: Ledger;
  readonly row: number;
}

/**
 * Takes the times of all reads from the ledgers of an arm's phases, the last of which is the one
 * that counts. What a hit's load would have taken is the worker's median.
 */
export function lookupTimes(ledgers: readonly Ledger[]): LookupTimes {
  const placesOf = new Map<number, Place[]>();
  let overlap = false;
  for (const ledger of ledgers) {
    for (let row = 0; row < ledger.length; row++) {
      if (ledger.operation[row] !== READ || ledger.sequence[row] === 0) continue;
      const places = placesOf.get(ledger.slot[row]!);
      if (places) places.push({ ledger, row });
      else placesOf.set(ledger.slot[row]!, [{ ledger, row }]);
      const stored = ledger.storedSequence[row]!;
      if (stored !== 0 && stored !== ledger.sequence[row]! + 1) overlap = true;
    }
  }
  const counted = ledgers.at(-1);
  return {
    workers: [...placesOf].map(([slot, places]) => ({ slot, ...workerTimes(places, counted) })),
    overlap,
  };
}

function workerTimes(places: Place[], counted: Ledger | undefined): Omit<WorkerTimes, 'slot'> {
  places.sort((a, b) => a.ledger.sequence[a.row]! - b.ledger.sequence[b.row]!);
  const loads = places.map(({ ledger, row }) =>
    isMiss(ledger.outcome[row]!) && ledger.storedSequence[row] !== 0
      ? ledger.storedAtSeconds[row]! - ledger.atSeconds[row]!
      : null,
  );
  const known = loads.filter((load) => load !== null).sort((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)] ?? 0;
  return {
    atSeconds: Float64Array.from(places, ({ ledger, row }) => ledger.atSeconds[row]!),
    loadSeconds: Float64Array.from(loads, (load) => load ?? usual),
    firstCounted: places.filter(({ ledger }) => ledger !== counted).length,
  };
}
