import type { Phase, WorkerFigures } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { BACKENDS } from '../../reports/record/vocabulary.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { expectedTraffic, type TrafficOptions } from '../../scenarios/theory/expected-traffic.ts';
import { ERROR } from '../../scenarios/theory/outcomes.ts';
import { timesOfWorker } from '../../scenarios/theory/redraw.ts';
import { ownerOf } from '../../scenarios/theory/rendezvous.ts';
import {
  expectedSharedTraffic,
  expectedWithoutCache,
} from '../../scenarios/theory/shared-traffic.ts';
import { userPath } from '../../server/protocol.ts';
import { lookupTimes } from '../evidence/lookup-times.ts';
import { overlappingLoads } from '../evidence/overlapping-loads.ts';
import { type Ledger, READ } from '../traffic/ledger.ts';
import type { Workload } from '../traffic/workload.ts';
import type { PhaseSighting } from './live-phase.ts';

/** What theory expects of a phase, of all workers together and of each. */
export interface PhaseExpectation {
  readonly all: Phase['expected'];
  /** By slot; without an entry where nothing is expected of a single worker. */
  readonly bySlot: ReadonlyMap<number, NonNullable<WorkerFigures['expected']>>;
}

const NOTHING: PhaseExpectation = { all: null, bySlot: new Map() };

/**
 * What theory expects of the last of the arm's phases so far. It speaks of caches that saw the
 * workload, from when they were empty, and nothing else; of other phases it expects nothing.
 */
export function expectationOf(
  phases: readonly PhaseSighting[],
  { plan, workload }: { plan: ArmPlan; workload: Workload },
): PhaseExpectation {
  const current = phases.at(-1);
  if (!current || !phases.every(isUndisturbed)) return NOTHING;
  const earlier = phases.slice(0, -1);
  const { after, durationMillis, live } = current;
  const common = {
    shares: workload.shares,
    popularity: plan.popularity,
    requestsPerWorker: after.map(({ slot }) => requestsOf(live.ledger, slot)),
    requestsBefore: after.map(({ slot }) =>
      sum(earlier.map((phase) => requestsOf(phase.live.ledger, slot))),
    ),
    cache: plan,
    durationSeconds: durationMillis / 1_000,
    secondsBefore: sum(earlier.map((phase) => phase.durationMillis)) / 1_000,
    seed: plan.seed,
  };
  if (BACKENDS[plan.backend].caches === 'none') {
    return { ...NOTHING, all: expectedWithoutCache(sum(common.requestsPerWorker)) };
  }
  if (losesEntriesItsOwnWay(plan)) return NOTHING;
  if (BACKENDS[plan.backend].caches === 'one') {
    return { ...NOTHING, all: expectedSharedTraffic(common, overlappingLoads(live.ledger)) };
  }
  if (plan.routing === 'by-key') return { ...NOTHING, all: ofOwners(common, current, earlier) };
  const times = lookupTimes([...earlier.map((phase) => phase.live.ledger), live.ledger]);
  return {
    all: expectedTraffic({ ...common, times }),
    bySlot: new Map(
      after.flatMap(({ slot }, i) => {
        const expected = expectedTraffic({
          ...common,
          requestsPerWorker: [common.requestsPerWorker[i]!],
          requestsBefore: [common.requestsBefore[i]!],
          times: timesOfWorker(times, slot),
        });
        // A cycle is only determined where one worker gets all of it.
        return expected && plan.popularity !== 'cyclic' ? [[slot, expected] as const] : [];
      }),
    ),
  };
}

/** Where every key has its own worker. With other workers keys have other owners. */
function ofOwners(
  common: TrafficOptions,
  { live, after }: PhaseSighting,
  earlier: readonly PhaseSighting[],
): Phase['expected'] {
  const slots = activeSlots(live.ledger);
  const moved = earlier.some((phase) => activeSlots(phase.live.ledger).join() !== slots.join());
  if (moved) return null;
  return expectedTraffic({
    ...common,
    workerOfKey: (key) => after.findIndex(({ slot }) => slot === ownerOf(userPath(key + 1), slots)),
  });
}

/**
 * What no model here knows: a full file drops what is no longer wanted by a rule of its own; and where
 * two of Django's workers write to one file of SQLite's at a time, its database cache lets the one
 * store fail in silence; `Cache-Status` then says nothing of `stored`.
 */
function losesEntriesItsOwnWay({ backend, launcher, workers, keys, maxEntries }: ArmPlan): boolean {
  if (!BACKENDS[backend].file) return false;
  return keys > maxEntries || (backend === 'sqlite' && launcher === 'gunicorn' && workers > 1);
}

function isUndisturbed({ live }: PhaseSighting): boolean {
  return (
    live.fitsTheory && live.events.length === 0 && onlyReads(live.ledger) && !hasErrors(live.ledger)
  );
}

function onlyReads({ operation, length }: Ledger): boolean {
  return operation.subarray(0, length).every((one) => one === READ);
}

function hasErrors(ledger: Ledger): boolean {
  return ledger.outcome.subarray(0, ledger.length).includes(ERROR);
}

function requestsOf(ledger: Ledger, slot: number): number {
  return ledger.slot.subarray(0, ledger.length).filter((one) => one === slot).length;
}

/** The workers that answered, in order. */
function activeSlots(ledger: Ledger): number[] {
  return [...new Set(ledger.slot.subarray(0, ledger.length))].sort((a, b) => a - b);
}
