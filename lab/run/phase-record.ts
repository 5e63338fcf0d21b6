import type { Phase, Residency } from '../../reports/record/schema.ts';
import { BACKENDS } from '../../reports/record/vocabulary.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { pageName } from '../../scenarios/kit/protocol.ts';
import type { WorkerSnapshot } from '../../server/protocol.ts';
import { auditPhase } from '../evidence/audit.ts';
import { ArmReplay, type ReplayState } from '../evidence/replay.ts';
import type { PhaseReplay } from '../evidence/replayed-phase.ts';
import { summarizePhase } from '../evidence/summary.ts';
import type { Workload } from '../traffic/workload.ts';
import { expectationOf } from './expectation.ts';
import type { PhaseSighting } from './live-phase.ts';

/** More cells than this are no picture any more, and no small report. */
const RESIDENCY_KEYS = 2_000;

/**
 * An arm's phases, in order: summed up, audited, replayed, held against what theory expects.
 *
 * @param from where the replay begins; left out: with empty caches
 */
export function phaseRecords(
  plan: ArmPlan,
  workload: Workload,
  sightings: readonly PhaseSighting[],
  from?: ReplayState,
): Phase[] {
  const replays = replaysOf(plan, sightings, from);
  const sharedCache = BACKENDS[plan.backend].caches === 'one';
  return sightings.map(({ name, live, durationMillis, before, after }, index) => {
    const { ledger } = live;
    const replayed = replays?.[index] ?? null;
    const avoidable = replayed?.avoidable;
    const expected = expectationOf(sightings.slice(0, index + 1), { plan, workload });
    const evidence = { ledger, before, after };
    const summary = summarizePhase({ ...evidence, keyName: pageName, avoidable, sharedCache });
    return {
      name,
      durationMillis,
      requestsPerSecond:
        durationMillis > 0 ? (1_000 * summary.totals.requests) / durationMillis : null,
      keptRate: live.keptRate,
      protocol: live.protocol,
      ...summary,
      workers: summary.workers.map((worker) => ({
        ...worker,
        expected: expected.bySlot.get(worker.slot) ?? null,
      })),
      expected: expected.all,
      audit: auditPhase({ ...evidence, sent: live.killed ? null : live.sent }),
      // Without a lookup there is nothing that could be alike.
      replay: replayed && replayed.replay.responses > 0 ? replayed.replay : null,
      residency: plan.keys > RESIDENCY_KEYS ? null : residencyOf(plan, replayed, after),
      events: live.events,
    };
  });
}

/** Only a cache inside the workers can be replayed: one that they share follows no worker's order. */
function replaysOf(
  plan: ArmPlan,
  sightings: readonly PhaseSighting[],
  from?: ReplayState,
): PhaseReplay[] | null {
  if (BACKENDS[plan.backend].caches !== 'each') return null;
  const replay = new ArmReplay({ cache: plan, workers: plan.workers, keyName: pageName }, from);
  return replay.add(sightings.map(({ live }) => live.ledger));
}

function residencyOf(
  plan: ArmPlan,
  replayed: PhaseReplay | null,
  after: readonly WorkerSnapshot[],
): Residency | null {
  if (!replayed?.changes) return null;
  const keys = Array.from({ length: plan.keys }, (_, key) => pageName(key));
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
