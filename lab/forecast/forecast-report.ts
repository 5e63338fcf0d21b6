import type { Exhibit, Verdict, Warning } from '../../reports/record/schema.ts';
import {
  evenShares,
  type FleetForecast,
  forecastFleet,
} from '../../scenarios/theory/fleet-forecast.ts';
import type { CacheLimits } from '../../scenarios/theory/model-cache.ts';
import type { ShareGroups } from '../../scenarios/theory/share-groups.ts';
import { steadyState } from '../../scenarios/theory/steady-state.ts';

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

/** A forecast as a record tells it. */
export interface ForecastReport {
  readonly forecasts: readonly FleetForecast[];
  readonly verdict: Verdict;
  readonly exhibits: Exhibit[];
  readonly warnings: Warning[];
}

/** What the formulas say about each number of workers, and what the other ways out would give. */
export function forecastReport(plan: ForecastPlan): ForecastReport {
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
      figuresTable(plan, forecasts),
    ],
    warnings: warningsFor(plan),
  };
}

/** Three ways to spend memory on N workers. */
const WAYS: readonly {
  readonly name: (limits: CacheLimits) => string;
  /** Workers with a cache of their own, and entries of each. */
  readonly of: (workers: number, limits: CacheLimits) => { caches: number; maxEntries: number };
}[] = [
  {
    name: ({ maxEntries }) => `a cache of ${count(maxEntries)} entries in each worker`,
    of: (workers, { maxEntries }) => ({ caches: workers, maxEntries }),
  },
  {
    name: ({ maxEntries }) => `${count(maxEntries)} entries divided among the workers`,
    of: (workers, { maxEntries }) => ({
      caches: workers,
      maxEntries: Math.max(1, Math.floor(maxEntries / workers)),
    }),
  },
  {
    name: ({ maxEntries }) => `one shared cache of N × ${count(maxEntries)} entries`,
    of: (workers, { maxEntries }) => ({ caches: 1, maxEntries: workers * maxEntries }),
  },
];

/** The settled hit rate (0…1) when N workers are given memory in one of the {@link WAYS}. */
function settledHitRate(plan: ForecastPlan, workers: number, way: (typeof WAYS)[number]): number {
  const { caches, maxEntries } = way.of(workers, plan.limits);
  return steadyState({
    groups: plan.groups,
    requestsPerSecond: plan.requestsPerSecond / caches,
    limits: { ...plan.limits, maxEntries },
  }).hits;
}

function hitRateCurves(plan: ForecastPlan): Exhibit {
  return {
    kind: 'lines',
    id: 'hit-rate-by-workers',
    title: 'Hit rate against the number of workers',
    caption:
      'Once settled. The first line is what separate caches give; the second keeps the memory of one worker for all of them; the third is one cache that all workers share, or requests routed by key.',
    x: { label: 'workers', unit: '' },
    y: { label: 'hit rate', unit: '%' },
    series: WAYS.map((way) => ({
      name: way.name(plan.limits),
      role: COMPUTED,
      points: curvePoints(plan.workers).map((workers): [number, number] => [
        workers,
        rounded(100 * settledHitRate(plan, workers, way)),
      ]),
    })),
    events: [],
  };
}

/** The numbers of workers that were asked for, and enough between them for a curve. */
function curvePoints(workers: readonly number[]): number[] {
  const points = new Set(workers);
  const [least, most] = [workers[0]!, workers.at(-1)!];
  for (let n = least; n < most; n = Math.ceil(n * 2)) points.add(n);
  return [...points].sort((a, b) => a - b);
}

function originBars(plan: ForecastPlan, forecasts: readonly FleetForecast[]): Exhibit {
  const shared = plan.workers.map((workers) => settledHitRate(plan, workers, WAYS[2]!));
  return {
    kind: 'bars',
    id: 'origin-queries',
    title: 'Questions to the database',
    caption: `Of ${count(plan.requestsPerSecond)} requests per second, so many go on to the database once the caches have settled.`,
    categories: forecasts.map(({ workers }) => workerCount(workers)),
    y: { label: 'origin queries', unit: 'per second' },
    series: [
      {
        name: WAYS[0]!.name(plan.limits),
        role: COMPUTED,
        values: forecasts.map((forecast) => rounded(forecast.originQueriesPerSecond)),
      },
      {
        name: WAYS[2]!.name(plan.limits),
        role: COMPUTED,
        values: shared.map((hitRate) => rounded(plan.requestsPerSecond * (1 - hitRate))),
      },
    ],
  };
}

function settledBars(forecasts: readonly FleetForecast[]): Exhibit {
  const part = (name: string, of: (forecast: FleetForecast) => number) => ({
    name,
    role: COMPUTED,
    values: forecasts.map((forecast) => rounded(100 * of(forecast))),
  });
  return {
    kind: 'bars',
    id: 'settled-requests',
    title: 'What becomes of requests, once settled',
    caption:
      'Expired: the entry was too old. Evicted: a full cache had dropped it. Nothing is cold any more.',
    categories: forecasts.map(({ workers }) => workerCount(workers)),
    y: { label: 'share of the requests', unit: '%' },
    series: [
      part('hits', ({ steady }) => steady.hits),
      part('expired', ({ steady }) => steady.expired),
      part('evicted', ({ steady }) => steady.evicted),
    ],
  };
}

function startBars({ startSeconds }: ForecastPlan, forecasts: readonly FleetForecast[]): Exhibit {
  const part = (name: string, of: (forecast: FleetForecast) => number) => ({
    name,
    role: COMPUTED,
    values: forecasts.map((forecast) => Math.round(of(forecast))),
  });
  return {
    kind: 'bars',
    id: 'misses-from-empty',
    title: `Misses in the first ${duration(startSeconds)} after a start`,
    caption:
      'All caches begin empty, as after a deployment. Cold: the first request for a key at a worker; every worker has to learn every key for itself.',
    categories: forecasts.map(({ workers }) => workerCount(workers)),
    y: { label: 'misses', unit: '' },
    series: [
      part('cold', ({ start }) => start.cold),
      part('expired', ({ start }) => start.expired),
      part('evicted', ({ start }) => start.evicted),
    ],
  };
}

function figuresTable(plan: ForecastPlan, forecasts: readonly FleetForecast[]): Exhibit {
  return {
    kind: 'table',
    id: 'forecast',
    title: 'All figures',
    caption: `Hit rates and rates per second once settled; counts of misses in the first ${duration(plan.startSeconds)}.`,
    columns: [
      'workers',
      'hit rate, %',
      'origin queries per second',
      'of these expired',
      'of these evicted',
      'cold misses at first',
      'expired at first',
      'evicted at first',
      'entries held',
      'duplication factor',
    ],
    rows: forecasts.map(({ workers, steady, originQueriesPerSecond, start, ...held }) => [
      workers,
      rounded(100 * steady.hits),
      rounded(originQueriesPerSecond),
      rounded(plan.requestsPerSecond * steady.expired),
      rounded(plan.requestsPerSecond * steady.evicted),
      Math.round(start.cold),
      Math.round(start.expired),
      Math.round(start.evicted),
      Math.round(held.entries),
      rounded(held.duplicationFactor),
    ]),
  };
}

function sentence(plan: ForecastPlan, forecasts: readonly FleetForecast[]): string {
  const few = forecasts[0]!;
  const many = forecasts.at(-1)!;
  const load = (queries: number) => `${figure(queries)} origin queries per second`;
  if (few === many) {
    return `${workerCount(few.workers)} would settle at a hit rate of ${percent(few)}: ${load(few.originQueriesPerSecond)}.`;
  }
  const start = missesOf(many.start) / missesOf(few.start);
  const shared = plan.requestsPerSecond * (1 - settledHitRate(plan, many.workers, WAYS[2]!));
  const settled =
    Math.abs(many.steady.hits - few.steady.hits) < 0.0005
      ? `settle at the same hit rate as ${workerCount(few.workers)}, ${percent(many)} (${load(many.originQueriesPerSecond)})`
      : `settle at a hit rate of ${percent(many)} instead of ${percent(few)} with ${few.workers} (${figure(many.originQueriesPerSecond)} instead of ${load(few.originQueriesPerSecond)})`;
  return (
    `${workerCount(many.workers)} with a cache each would ${settled}, after ${timesText(start)} misses in the first ` +
    `${duration(plan.startSeconds)}; one shared cache as large as all of theirs would need ${load(shared)}.`
  );
}

/** Below this many entries single keys weigh more than the formulas assume. */
const FEW_ENTRIES = 50;

function warningsFor({ limits, groups }: ForecastPlan): Warning[] {
  const keys = groups.keys.reduce((sum, count) => sum + count, 0);
  if (limits.maxEntries >= FEW_ENTRIES || limits.maxEntries >= keys) return [];
  return [
    {
      kind: 'other',
      arm: null,
      message: `With ${limits.maxEntries} entries per cache the formulas may be off by some tenths of a point of hit rate, because they treat large caches.`,
      remedy: 'Run the scenario eviction, or simulate a trace, for such small caches.',
    },
  ];
}

const missesOf = ({ cold, expired, evicted }: FleetForecast['start']) => cold + expired + evicted;
/** Where all is computed, nothing stands beside a measurement: series are drawn as the figure's own. */
const COMPUTED = 'measured' as const;
const rounded = (value: number) => Number(value.toFixed(3));
const percent = ({ steady }: FleetForecast) => `${(100 * steady.hits).toFixed(1)} %`;
const count = (value: number) => value.toLocaleString('en-US');
const workerCount = (workers: number) => (workers === 1 ? '1 worker' : `${count(workers)} workers`);

/** Three digits are enough for a sentence. */
function figure(value: number): string {
  return value >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function timesText(times: number): string {
  return Math.abs(times - 1) < 0.02 ? 'as many' : `${figure(times)} times the`;
}

function duration(seconds: number): string {
  if (seconds % 3600 === 0) return seconds === 3600 ? 'hour' : `${seconds / 3600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? 'minute' : `${seconds / 60} minutes`;
  return `${seconds} seconds`;
}
