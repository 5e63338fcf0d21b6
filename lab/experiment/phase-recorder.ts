import type { Phase, Residency } from '../../reports/record.ts';
import type { ArmPlan } from '../../scenarios/scenario.ts';
import type { WorkerSnapshot } from '../../server/identity.ts';
import { userKey } from '../../server/routes/users.ts';
import { auditPhase } from '../analysis/audit.ts';
import { ERROR, READ } from '../analysis/outcomes.ts';
import { expectedTraffic, type TrafficOptions } from '../analysis/predict.ts';
import { lookupTimes } from '../analysis/redraw.ts';
import { ownerOf } from '../analysis/rendezvous.ts';
import { type PhaseReplay, replayArm } from '../analysis/replay.ts';
import { expectedSharedTraffic, expectedWithoutCache } from '../analysis/shared-traffic.ts';
import { summarizePhase } from '../analysis/summary.ts';
import { serviceOf } from '../fleet/programs.ts';
import type { Ledger } from '../traffic/ledger.ts';
import type { Workload } from '../traffic/workload.ts';
import { type LivePhase, userPath } from './live-phase.ts';

/** More cells than this are no picture any more, and no small report. */
const RESIDENCY_KEYS = 2_000;

/** What was seen of one phase: by the clients, and by the workers before and after. */
export interface PhaseSighting {
  readonly name: string;
  readonly live: LivePhase;
  readonly durationMillis: number;
  readonly before: readonly WorkerSnapshot[];
  readonly after: readonly WorkerSnapshot[];
}

/** Turns what was seen of an arm's phases into the record's phases. */
export class PhaseRecorder {
  readonly #plan: ArmPlan;
  readonly #workload: Workload;
  readonly #sightings: PhaseSighting[] = [];
  /** By phase; a simulation takes its time, so each is made once. */
  readonly #expectations: Phase['expected'][] = [];

  constructor(plan: ArmPlan, workload: Workload) {
    this.#plan = plan;
    this.#workload = workload;
  }

  /** Takes the phase down and gives back what can be said at once; the replay needs the whole arm. */
  record(sighting: PhaseSighting): Phase {
    this.#sightings.push(sighting);
    this.#expectations.push(this.#expected(sighting));
    return this.#phase(sighting, this.#sightings.length - 1, null);
  }

  /** All phases, replayed. */
  phases(): Phase[] {
    const replays = this.#replays();
    return this.#sightings.map((sighting, i) => this.#phase(sighting, i, replays?.[i] ?? null));
  }

  /** Only a cache inside the workers can be replayed: one that they share follows no worker's order. */
  #replays(): PhaseReplay[] | null {
    if (this.#plan.backend !== 'locmem') return null;
    return replayArm({
      ledgers: this.#sightings.map(({ live }) => live.ledger),
      cache: this.#plan,
      workers: this.#plan.workers,
      keyName: keyName,
    });
  }

  #phase(sighting: PhaseSighting, index: number, replayed: PhaseReplay | null): Phase {
    const { name, live, durationMillis, before, after } = sighting;
    const { ledger } = live;
    const avoidable = replayed?.avoidable;
    const sharedCache = serviceOf(this.#plan.backend) !== null;
    return {
      name,
      durationMillis,
      requestsPerSecond: durationMillis > 0 ? (1_000 * ledger.length) / durationMillis : null,
      ...summarizePhase({ ledger, before, after, keyName, avoidable, sharedCache }),
      expected: this.#expectations[index] ?? null,
      audit: auditPhase({ ledger, before, after, sent: live.killed ? null : live.sent }),
      replay: replayed?.replay ?? null,
      residency: this.#residency(replayed, after),
      events: live.events,
    };
  }

  /** Theory speaks of caches that saw the workload, from when they were empty, and nothing else. */
  #expected({ live, durationMillis, after }: PhaseSighting): Phase['expected'] {
    if (!this.#sightings.every(isUndisturbed)) return null;
    const earlier = this.#sightings.slice(0, -1);
    const slots = activeSlots(live.ledger);
    const byKey = this.#plan.routing === 'by-key';
    // With other workers keys have other owners, and nothing simple can be said of what they hold.
    const moved = earlier.some((phase) => activeSlots(phase.live.ledger).join() !== slots.join());
    if (byKey && moved) return null;
    const options: TrafficOptions = {
      shares: this.#workload.shares,
      popularity: this.#plan.popularity,
      requestsPerWorker: after.map(({ slot }) => requestsOf(live.ledger, slot)),
      requestsBefore: after.map(({ slot }) =>
        sum(earlier.map((phase) => requestsOf(phase.live.ledger, slot))),
      ),
      cache: this.#plan,
      durationSeconds: durationMillis / 1_000,
      secondsBefore: sum(earlier.map((phase) => phase.durationMillis)) / 1_000,
      times:
        byKey || this.#plan.backend !== 'locmem'
          ? undefined
          : lookupTimes([...earlier.map((phase) => phase.live.ledger), live.ledger]),
      workerOfKey: byKey
        ? (key) => after.findIndex(({ slot }) => slot === ownerOf(userPath(key), slots))
        : undefined,
      seed: this.#plan.seed,
    };
    if (this.#plan.backend === 'locmem') return expectedTraffic(options);
    if (this.#plan.backend === 'dummy') return expectedWithoutCache(sum(options.requestsPerWorker));
    return expectedSharedTraffic(options, live.ledger);
  }

  #residency(replayed: PhaseReplay | null, after: readonly WorkerSnapshot[]): Residency | null {
    if (!replayed?.changes || this.#plan.keys > RESIDENCY_KEYS) return null;
    const keys = Array.from({ length: this.#plan.keys }, (_, key) => keyName(key));
    const indexOf = new Map(keys.map((key, index) => [`:1:${key}`, index]));
    return {
      keys,
      slots: after.map(({ slot }) => slot),
      changes: replayed.changes,
      final: after.map((worker) => ({
        slot: worker.slot,
        keys: (worker.keys ?? []).flatMap((key) => indexOf.get(key) ?? []).sort((a, b) => a - b),
      })),
    };
  }
}

/** The workload counts keys from 0, the database its users from 1. */
function keyName(key: number): string {
  return userKey(key + 1);
}

function requestsOf(ledger: Ledger, slot: number): number {
  let requests = 0;
  for (let row = 0; row < ledger.length; row++) if (ledger.slot[row] === slot) requests++;
  return requests;
}

function isUndisturbed({ live }: PhaseSighting): boolean {
  return (
    live.plain && live.events.length === 0 && onlyReads(live.ledger) && !hasErrors(live.ledger)
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The workers that answered, in order. */
function activeSlots(ledger: Ledger): number[] {
  return [...new Set(ledger.slot.subarray(0, ledger.length))].sort((a, b) => a - b);
}

function hasErrors(ledger: Ledger): boolean {
  return ledger.outcome.subarray(0, ledger.length).includes(ERROR);
}

function onlyReads(ledger: Ledger): boolean {
  for (let row = 0; row < ledger.length; row++) if (ledger.operation[row] !== READ) return false;
  return true;
}
