import type { Arm, Exhibit } from '../../reports/record/schema.ts';
import { type Band, steadyHitRates } from '../theory/steady-bands.ts';
import { entriesOverTime } from './entries-over-time.ts';
import { isTight, phaseOf, sum } from './judgement.ts';

/** Entries of the first worker, request by request. */
export function sawTooth(arms: readonly Arm[]): Exhibit[] {
  const full = arms.filter(({ workload, cache }) => workload.keys >= cache.maxEntries);
  const series = full.flatMap((arm) => {
    const phase = phaseOf(arm, 'steady');
    const points = phase?.residency ? entriesOverTime(phase.residency, 1) : [];
    return points.length === 0 ? [] : [{ name: arm.name, role: 'measured' as const, points }];
  });
  if (series.length === 0) return [];
  return [
    {
      kind: 'lines',
      id: 'entries-over-time',
      title: 'Entries in worker 1 during the steady phase',
      caption:
        'A full cache makes room by dropping a third at once, the least recently used ones, and fills up again. A working set that just fits loses nothing.',
      x: { label: 'requests to the fleet', unit: '' },
      y: { label: 'entries held', unit: '' },
      series,
      events: [],
    },
  ];
}

/** Who stays: hit rates of the hottest keys and of the rare ones. */
export function byPopularity(arms: readonly Arm[]): Exhibit[] {
  const traced = arms.filter((arm) => isTight(arm) && phaseOf(arm, 'steady')?.trace);
  if (traced.length === 0) return [];
  const bands = bandsOf(traced[0]!.workload.keys);
  return [
    {
      kind: 'bars',
      id: 'hit-rate-by-popularity',
      title: 'Hit rate in the steady phase, by popularity of the key',
      caption:
        'The least recently used entries go first, so what is asked for often stays. The expected values are those of a settled cache.',
      categories: bands.map(({ from, to }) => `rank ${from} to ${to}`),
      y: { label: 'hit rate', unit: '%' },
      series: [
        ...traced.map((arm) => ({
          name: arm.name,
          role: 'measured' as const,
          values: measuredByBand(arm, bands),
        })),
        ...traced.filter(isFirstOfItsSize).map((arm) => ({
          name: `expected of ${arm.cache.maxEntries} entries`,
          role: 'expected' as const,
          values: steadyHitRates(arm, bands).map((rate) => 100 * rate),
        })),
      ],
    },
  ];
}

/** Theory knows the size of a cache and not how many of them there are. */
function isFirstOfItsSize(arm: Arm, at: number, arms: readonly Arm[]): boolean {
  return arms.findIndex(({ cache }) => cache.maxEntries === arm.cache.maxEntries) === at;
}

function bandsOf(keys: number): Band[] {
  const ends = [0.025, 0.1, 0.25, 0.5, 1].map((share) => Math.max(1, Math.round(share * keys)));
  return ends.map((to, i) => ({ from: (ends[i - 1] ?? 0) + 1, to })).filter((b) => b.from <= b.to);
}

function measuredByBand(arm: Arm, bands: readonly Band[]): (number | null)[] {
  const trace = phaseOf(arm, 'steady')!.trace!;
  const ranks = trace.keys.map((name) => Number(name.replace('user_', '')));
  return bands.map(({ from, to }) => {
    let asked = 0;
    let hits = 0;
    trace.key.forEach((key, i) => {
      if (ranks[key]! < from || ranks[key]! > to) return;
      asked++;
      if (trace.outcome[i] === 0) hits++;
    });
    return asked === 0 ? null : (100 * hits) / asked;
  });
}

/** Entries that each arm allows, and the hit rates that they buy. */
export function prices(arms: readonly Arm[]): Exhibit {
  return {
    kind: 'table',
    id: 'price-of-memory',
    title: 'What each way to spend memory buys',
    caption: 'Entries allowed in all workers together, and the hit rates that they buy.',
    columns: [
      'arm',
      'entries allowed',
      'cold start, %',
      'steady, %',
      'expected, %',
      'culls',
      'evictions',
    ],
    rows: arms.map((arm) => {
      const workers = arm.phases.flatMap((phase) => phase.workers);
      const steady = phaseOf(arm, 'steady');
      return [
        arm.name,
        arm.workers * arm.cache.maxEntries,
        points(phaseOf(arm, 'cold start')?.totals.hitRate),
        points(steady?.totals.hitRate),
        points(steady?.expected?.hitRate.value),
        sum(workers.map(({ culls }) => culls)),
        sum(workers.map(({ evictions }) => evictions)),
      ];
    }),
  };
}

const points = (share: number | null | undefined) =>
  share == null ? null : Number((100 * share).toFixed(1));
