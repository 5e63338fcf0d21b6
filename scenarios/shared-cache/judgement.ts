import type { Arm, Finding, Verdict } from '../../reports/record/schema.ts';
import { conclude, count, exactly, finding } from '../kit/finding.ts';
import { isShared, type Observed, observed } from './observed.ts';

/** Each cell of the table in which theory has something to say, held against it. */
export function judgeArms(arms: readonly Arm[]): Verdict {
  return conclude(sentence(arms), [...arms.flatMap(findings), ...slowerThanMemory(arms)]);
}

function findings(arm: Arm): Finding[] {
  const seen = observed(arm);
  if (!seen) return [];
  return [
    ...coldMisses(arm),
    ...sharing(arm, seen),
    ...changes(arm, seen),
    ...restarted(arm, seen),
    ...outage(arm, seen),
  ];
}

function coldMisses(arm: Arm): Finding[] {
  const phase = arm.phases[0];
  if (!phase) return [];
  const { cold, expired, evicted } = phase.totals.misses;
  return [
    finding(
      {
        claim: 'C18',
        what: `misses of a cold start, ${arm.name}`,
        unit: 'misses',
        expected: phase.expected?.misses ?? null,
        measured: cold + expired + evicted,
      },
      1,
    ),
  ];
}

function sharing(arm: Arm, { sharing }: Observed): Finding[] {
  return [
    finding({
      claim: 'C18',
      what: `workers that knew the page one of them had loaded, ${arm.name}`,
      unit: 'workers',
      expected: exactly(isShared(arm) ? sharing.workers : 1, placeOf(arm)),
      measured: sharing.knew,
    }),
  ];
}

function changes(arm: Arm, { workersReplaced, updates }: Observed): Finding[] {
  if (!workersReplaced || !updates) return [];
  const shared = isShared(arm);
  return [
    finding({
      claim: 'C18',
      what: `hits after all workers were replaced, ${arm.name}`,
      unit: 'hits',
      expected: exactly(shared ? workersReplaced.lookups : 0, placeOf(arm)),
      measured: workersReplaced.hits,
    }),
    finding({
      claim: 'C20',
      what: `reads that stayed stale after an update at another worker, ${arm.name}`,
      unit: 'reads',
      expected: exactly(shared ? 0 : updates.reads, placeOf(arm)),
      measured: updates.staleForGood,
    }),
  ];
}

function placeOf(arm: Arm): string {
  return isShared(arm)
    ? 'one cache for all workers, outside of them'
    : 'each process has a dictionary of its own';
}

function restarted(arm: Arm, { service, serviceRestarted }: Observed): Finding[] {
  if (!service || !serviceRestarted) return [];
  const writesDown = service.persistence === 'append-only file';
  return [
    finding({
      claim: 'C18',
      what: `pages still cached after the service was killed and started again, ${arm.name}`,
      unit: 'pages',
      expected: writesDown
        ? exactly(serviceRestarted.pages, 'each change was in the file before it was answered')
        : exactly(0, 'memory is gone with its process, whosever process it is'),
      measured: serviceRestarted.kept,
    }),
  ];
}

function outage(arm: Arm, { outage }: Observed): Finding[] {
  if (!outage) return [];
  return [
    finding({
      claim: 'C20',
      what: `pages not served while the service was gone, ${arm.name}`,
      unit: 'requests',
      expected: exactly(0, 'a worker whose cache does not answer asks the database'),
      measured: outage.failures,
    }),
    finding({
      claim: 'C20',
      what: `outages after which every worker used the cache again by itself, ${arm.name}`,
      unit: 'outages',
      expected: exactly(1, 'a worker goes on trying to connect'),
      measured: outage.backMillis === null ? 0 : 1,
    }),
  ];
}

/** C12: what lies in the same process is nearer than any service, whatever the machine. */
function slowerThanMemory(arms: readonly Arm[]): Finding[] {
  const memory = getMicros(arms.find((arm) => arm.backend === 'locmem'));
  const services = arms.filter(({ backend }) => backend === 'redis' || backend === 'memcached');
  const measured = services.map(getMicros).filter((micros) => micros !== null);
  if (memory === null || measured.length === 0) return [];
  return [
    finding({
      claim: 'C12',
      what: 'services whose median lookup took longer than that of local memory',
      unit: 'services',
      expected: exactly(measured.length, 'a round trip to another process costs more than none'),
      measured: measured.filter((micros) => micros > memory).length,
    }),
  ];
}

function getMicros(arm: Arm | undefined): number | null {
  return (arm && observed(arm)?.get.p50Micros) ?? null;
}

function sentence(arms: readonly Arm[]): string {
  const measured = arms.filter((arm) => observed(arm));
  const local = measured.find((arm) => !isShared(arm));
  const shared = measured.filter(isShared);
  if (measured.length === 0) return 'Nothing was measured.';
  const parts = [
    ...(local ? [knew([local], 'local memory')] : []),
    // Whoever shares with all is named in one go.
    ...Map.groupBy(shared, (arm) => observed(arm)!.sharing.knew)
      .values()
      .map((arms) => knew(arms, arms.map(({ name }) => name).join(', '))),
  ];
  return `A page that one worker had loaded was known to ${parts.join('; to ')}.${price(local, shared)}`;
}

function knew([arm]: readonly Arm[], names: string): string {
  const { knew: workers, workers: all } = observed(arm!)!.sharing;
  return `${workers} of ${all} workers with ${names}`;
}

function price(local: Arm | undefined, shared: readonly Arm[]): string {
  const memory = getMicros(local);
  const service = shared.find(({ backend }) => backend === 'redis' || backend === 'memcached');
  const far = getMicros(service);
  if (memory === null || !service || far === null) return '';
  return ` The price is the way there: ${micros(memory)} for a lookup in local memory, ${micros(far)} in ${service.name}.`;
}

/** `0.8 µs`, `73 µs` */
export function micros(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(Math.round(value))} µs`;
}
