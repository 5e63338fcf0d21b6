import { counted, inWords } from '../../reports/record/format.ts';
import type { Held } from '../kit/contract.ts';
import { missesOfPhase } from '../kit/finding.ts';
import { exactly } from '../theory/estimate.ts';
import { isShared, type Measured, writesFile } from './observed.ts';

/** Each cell of the table in which theory has something to say, held against it. */
export function findings(arm: Measured): Held[] {
  return [
    { ...missesOfPhase(arm.phases[0]!, `misses of a cold start, ${arm.name}`), claim: 'C18' },
    sharing(arm),
    ...changes(arm),
    ...restarted(arm),
    ...outage(arm),
  ];
}

function sharing(arm: Measured): Held {
  const { workers, knew } = arm.observations.sharing;
  return {
    claim: 'C18',
    what: `workers that knew the page one of them had loaded, ${arm.name}`,
    unit: 'workers',
    expected: exactly(isShared(arm) ? workers : 1, placeOf(arm)),
    measured: knew,
  };
}

function changes(arm: Measured): Held[] {
  const { workersReplaced, updates } = arm.observations;
  if (!workersReplaced || !updates) return [];
  const shared = isShared(arm);
  return [
    {
      claim: 'C18',
      what: `hits after all workers were replaced, ${arm.name}`,
      unit: 'hits',
      expected: exactly(shared ? workersReplaced.lookups : 0, placeOf(arm)),
      measured: workersReplaced.hits,
    },
    {
      claim: 'C20',
      what: `reads that stayed stale after an update at another worker, ${arm.name}`,
      unit: 'reads',
      expected: exactly(shared ? 0 : updates.reads, placeOf(arm)),
      measured: updates.staleForGood,
    },
  ];
}

function placeOf(arm: Measured): string {
  return isShared(arm)
    ? 'one cache for all workers, outside of them'
    : 'each process has a dictionary of its own';
}

function restarted(arm: Measured): Held[] {
  const { serviceRestarted } = arm.observations;
  if (!serviceRestarted) return [];
  return [
    {
      claim: 'C18',
      what: `pages still cached after the service was killed and started again, ${arm.name}`,
      unit: 'pages',
      expected: writesFile(arm)
        ? exactly(serviceRestarted.pages, 'each change was in the file before it was answered')
        : exactly(0, 'memory is gone with its process, whosever process it is'),
      measured: serviceRestarted.kept,
    },
  ];
}

function outage(arm: Measured): Held[] {
  const { outage } = arm.observations;
  if (!outage) return [];
  return [
    {
      claim: 'C20',
      what: `pages not served while the service was gone, ${arm.name}`,
      unit: 'requests',
      expected: exactly(0, 'a worker whose cache does not answer asks the database'),
      measured: outage.failures,
    },
    {
      claim: 'C20',
      what: `outages after which every worker used the cache again by itself, ${arm.name}`,
      unit: 'outages',
      expected: exactly(1, 'a worker goes on trying to connect'),
      measured: outage.backMillis === null ? 0 : 1,
    },
  ];
}

/** C12: what lies in the same process is nearer than any service, whatever the machine. */
export function slowerThanMemory(arms: readonly Measured[]): Held[] {
  const memory = lookupMicros(arms.find(({ backend }) => backend === 'locmem'));
  const measured = arms.filter(isService).flatMap((arm) => lookupMicros(arm) ?? []);
  if (memory === null || measured.length === 0) return [];
  return [
    {
      what: 'services whose median lookup took longer than that of local memory',
      unit: 'services',
      expected: exactly(measured.length, 'a round trip to another process costs more than none'),
      measured: measured.filter((micros) => micros > memory).length,
    },
  ];
}

/** A near cache answers for its service, so it is none. */
const isService = ({ backend }: Measured) => backend === 'redis' || backend === 'memcached';
const lookupMicros = (arm: Measured | undefined) => arm?.observations.get.p50Micros ?? null;

/** Who knew the page that one worker had loaded, and the price of it. */
export function sentence(arms: readonly Measured[]): string {
  const local = arms.find((arm) => !isShared(arm));
  const shared = arms.filter(isShared);
  const parts = [
    ...(local ? [knewIn([local], 'local memory')] : []),
    // Whoever shares with all is named in one go.
    ...Map.groupBy(shared, ({ observations }) => observations.sharing.knew)
      .values()
      .map((alike) => knewIn(alike, alike.map(({ name }) => name).join(', '))),
  ];
  return `A page that one worker had loaded was known to ${parts.join('; to ')}.${price(local, shared.find(isService))}`;
}

function knewIn([arm]: readonly Measured[], names: string): string {
  const { knew, workers } = arm!.observations.sharing;
  return `${knew} of ${counted(workers, 'worker')} with ${names}`;
}

function price(local: Measured | undefined, service: Measured | undefined): string {
  const [near, far] = [lookupMicros(local), lookupMicros(service)];
  if (near === null || far === null) return '';
  return ` The price is the way there: ${inWords(near, 'micros')} for a lookup in local memory, ${inWords(far, 'micros')} in ${service!.name}.`;
}
