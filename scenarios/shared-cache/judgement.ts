import { counted, inWords } from '../../reports/record/format.ts';
import type { Headline } from '../../reports/record/schema.ts';
import { isCured } from '../kit/arms.ts';
import type { Held } from '../kit/contract.ts';
import { sideBySide } from '../kit/exhibits.ts';
import { missesOfPhase } from '../kit/finding.ts';
import { exactly } from '../theory/estimate.ts';
import { type Measured, writesFile } from './observed.ts';
import { SERIES, TIMES_AGAIN } from './protocol.ts';

/** Each cell of the table in which theory has something to say, with what it says. */
export function findings(arm: Measured): (Held | null)[] {
  const { name, observations } = arm;
  const { sharing, workersReplaced, updates, serviceRestarted, outage } = observations;
  const isShared = isCured(arm);
  const place = isShared
    ? 'one cache for all workers, outside them'
    : 'each process has its own dictionary';
  return [
    { ...missesOfPhase(arm.phases[0]!, `misses of a cold start, ${name}`), claim: 'C18' },
    {
      claim: 'C18',
      what: `workers that found the page that one of them had loaded, ${name}`,
      unit: 'workers',
      expected: exactly(isShared ? sharing.workers : 1, place),
      measured: sharing.knew,
    },
    {
      claim: null,
      what: `timed lookups that were hits, ${name}`,
      unit: 'lookups',
      expected: exactly(SERIES * TIMES_AGAIN, 'every page had been stored just before'),
      measured: observations.get.count,
    },
    workersReplaced && {
      claim: 'C18',
      what: `hits after all workers were replaced, ${name}`,
      unit: 'hits',
      expected: exactly(isShared ? workersReplaced.lookups : 0, place),
      measured: workersReplaced.hits,
    },
    updates && {
      claim: 'C20',
      what: `reads that stayed stale after an update at another worker, ${name}`,
      unit: 'reads',
      expected: exactly(isShared ? 0 : updates.reads, place),
      measured: updates.staleForGood,
    },
    serviceRestarted && {
      claim: 'C18',
      what: `pages still cached after the service was killed and started again, ${name}`,
      unit: 'pages',
      expected: writesFile(arm)
        ? exactly(serviceRestarted.pages, 'each change was in the file before the answer')
        : exactly(0, 'memory goes with its process, whichever process that is'),
      measured: serviceRestarted.kept,
    },
    outage && {
      claim: 'C20',
      what: `pages not served while the service was gone, ${name}`,
      unit: 'requests',
      expected: exactly(0, 'a worker whose cache does not answer queries the database'),
      measured: outage.failures,
    },
    outage && {
      claim: 'C20',
      what: `outages after which every worker used the cache again on its own, ${name}`,
      unit: 'outages',
      expected: exactly(1, 'a worker keeps trying to connect'),
      measured: outage.backMillis === null ? 0 : 1,
    },
  ];
}

/** What lies in the same process is nearer than any service, whatever the machine. */
export function slowerThanMemory(arms: readonly Measured[]): Held[] {
  const memory = arms.find(({ backend }) => backend === 'locmem');
  const services = arms.filter(isService).filter((arm) => lookupMicros(arm) !== null);
  if (lookupMicros(memory) === null || services.length === 0) return [];
  return [
    {
      what: 'services where every series of lookups took longer than every series in local memory',
      unit: 'services',
      expected: exactly(services.length, 'a round trip to another process costs more than none'),
      measured: services.filter((arm) => isClear(memory!, arm)).length,
    },
  ];
}

/** Whether the slowest series of one is faster than the fastest of the other. */
function isClear(near: Measured, far: Measured): boolean {
  const [ours, theirs] = [near, far].map(({ observations }) => observations.get.mediansMicros);
  return Math.max(...ours!) < Math.min(...theirs!);
}

/** A near cache answers for its service, so it is none. */
const isService = ({ backend }: Measured) => backend === 'redis' || backend === 'memcached';
const lookupMicros = (arm: Measured | undefined) => arm?.observations.get.p50Micros ?? null;

/** Who knew the page that one worker had loaded, and the price of it. */
export function sentence(arms: readonly Measured[]): string {
  const local = arms.find((arm) => !isCured(arm));
  const shared = arms.filter(isCured);
  // Whoever shares with all is named in one go.
  const alike = Map.groupBy(shared, ({ observations }) => observations.sharing.knew).values();
  const parts = [
    ...(local ? [knewIn(local, 'local memory')] : []),
    ...alike.map((group) => knewIn(group[0]!, group.map(({ name }) => name).join(', '))),
  ];
  return `A page that one worker had loaded was known to ${parts.join('; to ')}.${price(local, shared.find(isService))}`;
}

/** Local memory beside the first service: what is gained, and what a lookup costs. */
export function headline(arms: readonly Measured[]): Headline | null {
  const [local, shared] = [arms.find((arm) => !isCured(arm)), arms.find(isService)];
  if (!local || !shared) return null;
  return sideBySide(local, shared, [
    ['workers that found the page', ({ observations: { sharing } }) => sharing.knew],
    ['database queries, cold', ({ phases }) => phases[0]!.totals.originQueries],
    ['a lookup took', lookupMicros, 'micros'],
  ]);
}

function knewIn({ observations: { sharing } }: Measured, names: string): string {
  return `${sharing.knew} of ${counted(sharing.workers, 'worker')} with ${names}`;
}

function price(local: Measured | undefined, service: Measured | undefined): string {
  const [near, far] = [lookupMicros(local), lookupMicros(service)];
  if (near === null || far === null) return '';
  const said = isClear(local!, service!)
    ? 'The price is the round trip'
    : 'The cost of the round trip was not clear in this run';
  return ` ${said}: the median lookup took ${inWords(near, 'micros')} in local memory, ${inWords(far, 'micros')} in ${service!.name}.`;
}
