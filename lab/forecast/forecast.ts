import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import type { Exhibit, RunRecord, Warning } from '../../reports/record/schema.ts';
import type { ColumnOf } from '../../reports/record/table.ts';
import { sum } from '../../reports/record/tally.ts';
import { bars, lines, table } from '../../scenarios/kit/exhibits.ts';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import {
  evenShares,
  type FleetForecast,
  forecastFleet,
} from '../../scenarios/theory/fleet-forecast.ts';
import type { ShareGroups } from '../../scenarios/theory/share-groups.ts';
import { type Fates, steadyState } from '../../scenarios/theory/steady-state.ts';

/** Traffic and caches to be forecast for several numbers of workers. */
export interface ForecastPlan {
  readonly groups: ShareGroups;
  readonly requestsPerSecond: number;
  readonly limits: CacheLimits;
  /** Ascending. */
  readonly workers: readonly number[];
  /** How long the start from empty caches is followed. */
  readonly startSeconds: number;
}

/** The forecasts, and what a record tells of them. */
interface Forecast extends Pick<RunRecord, 'verdict' | 'exhibits' | 'warnings'> {
  readonly forecasts: readonly FleetForecast[];
}

/** What the formulas say about each number of workers, and what the other ways out would give. */
export function forecast(plan: ForecastPlan): Forecast {
  const forecasts = plan.workers.map((workers) =>
    forecastFleet({ ...plan, workerShares: evenShares(workers) }),
  );
  return {
    forecasts,
    verdict: { sentence: sentence(plan, forecasts), agreement: 'not judged', findings: [] },
    exhibits: [
      hitRateCurves(plan),
      originBars(plan, forecasts),
      settledBars(forecasts),
      startBars(plan, forecasts),
      table(forecasts, {
        id: 'forecast',
        title: 'All figures',
        caption: `Hit rates and rates per second once settled; counts of misses in the first ${duration(plan.startSeconds)}.`,
        columns: columnsOf(plan),
      }),
    ],
    warnings: warningsFor(plan),
  };
}

/** What is told of each number of workers, in the report and in the terminal. */
export function columnsOf({ requestsPerSecond }: ForecastPlan): ColumnOf<FleetForecast>[] {
  return [
    ['workers', ({ workers }) => workers, 'count'],
    ['hit rate', ({ steady }) => steady.hits, 'percent'],
    ['origin queries per second', (one) => one.originQueriesPerSecond, 'number'],
    ['of these expired', ({ steady }) => requestsPerSecond * steady.expired, 'number'],
    ['of these evicted', ({ steady }) => requestsPerSecond * steady.evicted, 'number'],
    ['cold misses at first', ({ start }) => start.cold, 'count'],
    ['expired at first', ({ start }) => start.expired, 'count'],
    ['evicted at first', ({ start }) => start.evicted, 'count'],
    ['entries held', ({ entries }) => entries, 'count'],
    ['duplication factor', ({ duplicationFactor }) => duplicationFactor, 'number'],
  ];
}

/** Ways to spend memory on N workers: how many caches they have, and entries each of them. */
function waysOf({ limits: { maxEntries } }: ForecastPlan) {
  return {
    separate: {
      name: `a cache of ${count(maxEntries)} entries in each worker`,
      caches: (workers: number) => workers,
      entries: () => maxEntries,
    },
    divided: {
      name: `${count(maxEntries)} entries divided among the workers`,
      caches: (workers: number) => workers,
      entries: (workers: number) => Math.max(1, Math.floor(maxEntries / workers)),
    },
    shared: {
      name: `one shared cache of N × ${count(maxEntries)} entries`,
      caches: () => 1,
      entries: (workers: number) => workers * maxEntries,
    },
  };
}

type Way = ReturnType<typeof waysOf>['separate' | 'divided'];

/** Where requests end, once settled, when N workers are given memory in one of the ways. */
function settled(plan: ForecastPlan, workers: number, way: Way): Fates {
  return steadyState({
    groups: plan.groups,
    requestsPerSecond: plan.requestsPerSecond / way.caches(workers),
    limits: { ...plan.limits, maxEntries: way.entries(workers) },
  });
}

/** What one shared cache as large as all others together would let through. */
function sharedQueriesPerSecond(plan: ForecastPlan, workers: number): number {
  const { expired, evicted } = settled(plan, workers, waysOf(plan).shared);
  return plan.requestsPerSecond * (expired + evicted);
}

function hitRateCurves(plan: ForecastPlan): Exhibit {
  return lines({
    id: 'hit-rate-by-workers',
    title: 'Hit rate against the number of workers',
    caption:
      'Once settled. The first line is for separate caches. The second divides the memory of one worker among all. The third is for one shared cache, or for requests routed by key.',
    x: { label: 'workers', format: 'count' },
    y: { label: 'hit rate', format: 'percent' },
    series: Object.values(waysOf(plan)).map((way) => ({
      name: way.name,
      role: 'computed',
      points: curvePoints(plan.workers).map((workers) => [
        workers,
        settled(plan, workers, way).hits,
      ]),
    })),
  });
}

/** The numbers of workers that were asked for, and enough between them for a curve. */
function curvePoints(workers: readonly number[]): number[] {
  const points = new Set(workers);
  const [least, most] = [workers[0]!, workers.at(-1)!];
  for (let n = least; n < most; n *= 2) points.add(n);
  return [...points].sort((a, b) => a - b);
}

type Named = FleetForecast & { readonly name: string };
const named = (forecasts: readonly FleetForecast[]): Named[] =>
  forecasts.map((one) => ({ ...one, name: counted(one.workers, 'worker') }));
const computed = (name: string, of: (one: Named) => number) => ({
  name,
  role: 'computed' as const,
  of,
});

function originBars(plan: ForecastPlan, forecasts: readonly FleetForecast[]): Exhibit {
  const { separate, shared } = waysOf(plan);
  return bars(named(forecasts), {
    id: 'origin-queries',
    title: 'Queries to the database',
    caption: `Of ${count(plan.requestsPerSecond)} requests per second, so many reach the database once the caches have settled.`,
    y: { label: 'origin queries per second', format: 'number' },
    series: [
      computed(separate.name, (one) => one.originQueriesPerSecond),
      computed(shared.name, ({ workers }) => sharedQueriesPerSecond(plan, workers)),
    ],
  });
}

function settledBars(forecasts: readonly FleetForecast[]): Exhibit {
  return bars(named(forecasts), {
    id: 'settled-requests',
    title: 'Where requests end, once settled',
    caption:
      'Expired: the entry was too old. Evicted: a full cache had dropped it. Nothing is cold any more.',
    y: { label: 'share of the requests', format: 'percent' },
    series: [
      computed('hits', ({ steady }) => steady.hits),
      computed('expired', ({ steady }) => steady.expired),
      computed('evicted', ({ steady }) => steady.evicted),
    ],
  });
}

function startBars({ startSeconds }: ForecastPlan, forecasts: readonly FleetForecast[]): Exhibit {
  return bars(named(forecasts), {
    id: 'misses-from-empty',
    title: `Misses in the first ${duration(startSeconds)} after a start`,
    caption:
      'All caches start empty, as after a deployment. Cold: the first request for a key at a worker; every worker has to read every key itself.',
    y: { label: 'misses', format: 'count' },
    series: [
      computed('cold', ({ start }) => start.cold),
      computed('expired', ({ start }) => start.expired),
      computed('evicted', ({ start }) => start.evicted),
    ],
  });
}

function sentence(plan: ForecastPlan, forecasts: readonly FleetForecast[]): string {
  const few = forecasts[0]!;
  const many = forecasts.at(-1)!;
  const fleet = counted(many.workers, 'worker');
  const rate = ({ steady }: FleetForecast) => percent(steady.hits);
  const load = (queries: number) => `${inWords(queries, 'number')} origin queries per second`;
  if (few === many)
    return `${fleet} would settle at a hit rate of ${rate(few)}: ${load(few.originQueriesPerSecond)}.`;
  const settled =
    rate(many) === rate(few)
      ? `settle at the same hit rate as ${counted(few.workers, 'worker')}, ${rate(many)} (${load(many.originQueriesPerSecond)})`
      : `settle at a hit rate of ${rate(many)} instead of ${rate(few)} with ${few.workers} (${inWords(many.originQueriesPerSecond, 'number')} instead of ${load(few.originQueriesPerSecond)})`;
  return (
    `${fleet} with a cache each would ${settled}, after ${moreMisses(few, many)} misses in the first ` +
    `${duration(plan.startSeconds)}; one shared cache as large as all of theirs would need ${load(sharedQueriesPerSecond(plan, many.workers))}.`
  );
}

function moreMisses(few: FleetForecast, many: FleetForecast): string {
  const missesOf = ({ start }: FleetForecast) => start.cold + start.expired + start.evicted;
  const times = missesOf(many) / missesOf(few);
  return Math.abs(times - 1) < 0.02 ? 'as many' : `${inWords(times, 'number')} times the`;
}

/** With fewer entries, or where a cull drops all of nearly all keys, the formulas are less exact. */
const FEW_ENTRIES = 5;
const NEARLY_ALL = 0.85;

function warningsFor({ limits, groups }: ForecastPlan): Warning[] {
  const { maxEntries, cullFrequency, policy } = limits;
  const keys = sum(groups.keys);
  if (maxEntries >= keys) return [];
  const dropsAll = policy !== 'lru' && cullFrequency < 2;
  if (maxEntries >= FEW_ENTRIES && !(dropsAll && maxEntries > NEARLY_ALL * keys)) return [];
  return [
    {
      kind: 'other',
      arm: null,
      message: `With ${counted(maxEntries, 'entry', 'entries')} per cache and ${count(keys)} keys the formulas may be off by 0.4 points of hit rate instead of 0.2.`,
      remedy: 'Simulate a trace of the traffic, which is exact.',
    },
  ];
}

const UNITS = [
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `hour`, `90 seconds` */
function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, length]) => seconds % length === 0) ?? ['second', 1];
  return seconds === length ? unit : `${seconds / length} ${unit}s`;
}
