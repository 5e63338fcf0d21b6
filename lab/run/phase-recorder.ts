import type { Phase, Residency } from '../../reports/record/schema.ts';
import { BACKENDS } from '../../reports/record/vocabulary.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { pageName } from '../../scenarios/kit/protocol.ts';
import type { WorkerSnapshot } from '../../server/protocol.ts';
import { auditPhase } from '../evidence/audit.ts';
import { type PhaseReplay, replayArm } from '../evidence/replay.ts';
import { summarizePhase } from '../evidence/summary.ts';
import type { Workload } from '../traffic/workload.ts';
import { expectationOf } from './expectation.ts';
import type { PhaseSighting } from './live-phase.ts';

/** More cells than this are no picture any more, and no small report. */
const RESIDENCY_KEYS = 2_000;

/** Turns what was seen of an arm's phases into the record's phases. */
export class PhaseRecorder {
  readonly #plan: ArmPlan;
  readonly #workload: Workload;
  readonly #sightings: PhaseSighting[] = [];

  constructor(plan: ArmPlan, workload: Workload) {
    this.#plan = plan;
    this.#workload = workload;
  }

  /** Takes a phase down; what it means can be said when the arm is over. */
  add(sighting: PhaseSighting): void {
    this.#sightings.push(sighting);
  }

  /** All phases: summed up, audited, replayed, held against what theory expects. */
  phases(): Phase[] {
    const replays = this.#replays();
    return this.#sightings.map((_, i) => this.#phase(i, replays?.[i] ?? null));
  }

  /** Only a cache inside the workers can be replayed: one that they share follows no worker's order. */
  #replays(): PhaseReplay[] | null {
    if (BACKENDS[this.#plan.backend].caches !== 'each') return null;
    return replayArm({
      ledgers: this.#sightings.map(({ live }) => live.ledger),
      cache: this.#plan,
      workers: this.#plan.workers,
      keyName: pageName,
    });
  }

  #phase(index: number, replayed: PhaseReplay | null): Phase {
    const { name, live, durationMillis, before, after } = this.#sightings[index]!;
    const { ledger } = live;
    const avoidable = replayed?.avoidable;
    const sharedCache = BACKENDS[this.#plan.backend].caches === 'one';
    const expected = expectationOf(this.#sightings.slice(0, index + 1), {
      plan: this.#plan,
      workload: this.#workload,
    });
    const summary = summarizePhase({
      ledger,
      before,
      after,
      keyName: pageName,
      avoidable,
      sharedCache,
    });
    return {
      name,
      durationMillis,
      requestsPerSecond:
        durationMillis > 0 ? (1_000 * summary.totals.requests) / durationMillis : null,
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
    const keys = Array.from({ length: this.#plan.keys }, (_, key) => pageName(key));
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
