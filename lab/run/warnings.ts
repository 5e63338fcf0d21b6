import { count, counted, percent } from '../../reports/record/format.ts';
import type { Arm, Phase, RunRecord, Warning, WorkerFigures } from '../../reports/record/schema.ts';
import { missesOf, sum } from '../../reports/record/tally.ts';
import { SERVICE_KILLED } from '../../scenarios/kit/contract.ts';

/** What a reader should know before believing this run, each with its remedy. */
export function warningsOf(record: RunRecord): Warning[] {
  const found = record.arms.flatMap((arm) => [
    fewerConnections(arm),
    idleWorkers(arm),
    ...arm.phases.flatMap((phase) => [
      lostRequests(arm, phase),
      failedLookups(arm, phase),
      saturated(arm, phase),
      replayDiffers(arm, phase),
    ]),
  ]);
  found.push(expectationMissed(record), localCacheInSeveralWorkers(record));
  return found.filter((warning) => warning !== null);
}

function fewerConnections({ name, workers, connections, routing }: Arm): Warning | null {
  if (connections >= workers || routing !== 'keep-alive') return null;
  return {
    kind: 'fewer-connections-than-workers',
    arm: name,
    message: `${name}: ${counted(connections, 'connection')} for ${counted(workers, 'worker')}. A connection stays with its worker, so at least ${count(workers - connections)} had nothing to do.`,
    remedy: `Use --connections ${workers} or more, or --routing fresh.`,
  };
}

/** A worker that no phase reached: some phases leave workers alone on purpose. */
function idleWorkers({ name, workers, connections, routing, phases }: Arm): Warning | null {
  const bySlot = Map.groupBy(
    phases.flatMap((phase) => phase.workers),
    ({ slot }) => slot,
  );
  const idle = [...bySlot.keys()].filter((slot) => sum(bySlot.get(slot)!.map(requestsOf)) === 0);
  // With too few connections that is expected, and said above.
  if (idle.length === 0 || (connections < workers && routing === 'keep-alive')) return null;
  return {
    kind: 'idle-worker',
    arm: name,
    message: `${name}: no request reached worker ${idle.join(', ')}; its hit rate is unknown, not zero.`,
    remedy: 'Use more --connections, or --routing fresh.',
  };
}

const requestsOf = ({ requests }: WorkerFigures) => requests;

function lostRequests({ name }: Arm, { audit }: Phase): Warning | null {
  const sent = audit.checks.find(
    (check) => check.name === 'responses to what was sent' && !check.holds,
  );
  if (!sent) return null;
  return {
    kind: 'requests-lost',
    arm: name,
    message: `${name}: of ${counted(sent.counted, 'request')} sent, ${count(sent.seen)} came back.`,
    remedy: 'Check which workers ended or were killed; on a busy machine, use fewer --connections.',
  };
}

/** Left out where the scenario took the service away itself. */
function failedLookups(
  { name, backend }: Arm,
  { totals: { errors }, events }: Phase,
): Warning | null {
  if (errors === 0 || events.some(({ label }) => label === SERVICE_KILLED)) return null;
  return {
    kind: 'lookups-failed',
    arm: name,
    message: `${name}: ${counted(errors, 'lookup')} failed, because ${backend} did not answer; the database answered instead.`,
    remedy: 'The hit rate counts only the lookups that succeeded. Check the service and run again.',
  };
}

/** Below this share of the offered rate, arms at the same rate are not comparable any more. */
const KEPT_ENOUGH = 0.9;

function saturated({ name, ratePerSecond }: Arm, { name: phase, keptRate }: Phase): Warning | null {
  if (keptRate === null || keptRate === undefined || keptRate >= KEPT_ENOUGH) return null;
  return {
    kind: 'generator-saturated',
    arm: name,
    message: `${name}, ${phase}: the machine kept ${percent(keptRate)} of the ${ratePerSecond === null ? 'offered' : count(ratePerSecond)} requests per second.`,
    remedy: 'Use a lower --rate, fewer --workers or a less busy machine.',
  };
}

/** Said once: the arms of a run share their keys, so chance leads them astray together. */
function expectationMissed({ arms }: RunRecord): Warning | null {
  const phases = arms.flatMap((arm) => arm.phases.map((phase) => ({ arm, phase })));
  const judged = phases.filter(({ phase }) => phase.expected !== null);
  const missed = judged.filter(({ phase }) => isOutside(phase));
  if (missed.length === 0) return null;
  const details = missed.map(({ arm, phase }) => {
    const { low, high, value } = phase.expected!.misses;
    const name = arm.phases.length > 1 ? `${arm.name}, ${phase.name}` : arm.name;
    return `${name}: ${counted(missesOf(phase.totals), 'miss', 'misses')}, expected ${count(value)} (${count(low)} to ${count(high)})`;
  });
  return {
    kind: 'expectation-missed',
    arm: missed.length === 1 ? missed[0]!.arm.name : null,
    message: `${missed.length} of ${judged.length} measurements are outside the interval that holds 95 % of runs. ${details.join('; ')}.`,
    remedy:
      'One in twenty is, by chance, and arms that share their keys miss together; run again with another --seed, or use --rounds 5 if the scenario has rounds.',
  };
}

function isOutside({ expected, totals }: Phase): boolean {
  const { low, high } = expected!.misses;
  return missesOf(totals) < Math.floor(low) || missesOf(totals) > Math.ceil(high);
}

function replayDiffers({ name }: Arm, { replay }: Phase): Warning | null {
  if (!replay || replay.identical === replay.responses) return null;
  return {
    kind: 'replay-differs',
    arm: name,
    message:
      `${name}: replayed, ${count(replay.identical)} of ${counted(replay.responses, 'response')} match the model. ${replay.firstDifference ?? ''}`.trim(),
    remedy:
      'Something besides this traffic touched the caches, or responses were lost; see the audit.',
  };
}

/** The articles' own advice, said once. */
function localCacheInSeveralWorkers({ arms }: RunRecord): Warning | null {
  const most = Math.max(
    0,
    ...arms.filter((arm) => arm.backend === 'locmem').map((arm) => arm.workers),
  );
  if (most < 2) return null;
  return {
    kind: 'local-cache-with-several-workers',
    arm: null,
    message: `${counted(most, 'worker')} with their own in-memory caches are ${counted(most, 'cache')}.`,
    remedy: 'In production, use a shared cache such as Redis or Memcached, or exactly one worker.',
  };
}
