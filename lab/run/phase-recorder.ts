import type { Phase, Residency } from '../../reports/record/schema.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { userKey, type WorkerSnapshot } from '../../server/protocol.ts';
import { auditPhase } from '../evidence/audit.ts';
import { type PhaseReplay, replayArm } from '../evidence/replay.ts';
import { summarizePhase } from '../evidence/summary.ts';
import { serviceOf } from '../services/programs.ts';
import type { Workload } from '../traffic/workload.ts';
import { expectationOf, type PhaseExpectation } from './expectation.ts';
import type { LivePhase } from './live-phase.ts';

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
  readonly #expectations: PhaseExpectation[] = [];

  constructor(plan: ArmPlan, workload: Workload) {
    this.#plan = plan;
    this.#workload = workload;
  }

  /** Takes the phase down and gives back what can be said at once; the replay needs the whole arm. */
  record(sighting: PhaseSighting): Phase {
    this.#sightings.push(sighting);
    const context = { plan: this.#plan, workload: this.#workload };
    this.#expectations.push(expectationOf(this.#sightings, context));
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
    const expected = this.#expectations[index]!;
    const summary = summarizePhase({ ledger, before, after, keyName, avoidable, sharedCache });
    return {
      name,
      durationMillis,
      requestsPerSecond: durationMillis > 0 ? (1_000 * ledger.length) / durationMillis : null,
      keptRate: live.keptRate,
      ...summary,
      workers: summary.workers.map((worker) => ({
        ...worker,
        expected: expected.bySlot.get(worker.slot) ?? null,
      })),
      expected: expected.all,
      audit: auditPhase({ ledger, before, after, sent: live.killed ? null : live.sent }),
      // Without a lookup there is nothing that could be alike.
      replay: replayed && replayed.replay.responses > 0 ? replayed.replay : null,
      residency: this.#residency(replayed, after),
      events: live.events,
    };
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
