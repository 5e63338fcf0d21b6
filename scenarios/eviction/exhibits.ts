import type { Arm, Exhibit } from '../../reports/record/schema.ts';
import { phaseOf, sum } from '../../reports/record/tally.ts';
import { bars, lines, table } from '../kit/exhibits.ts';
import { entriesPerCull } from '../theory/cache-limits.ts';
import { type Band, steadyHitRates } from '../theory/of-arm.ts';
import { HIT } from '../theory/outcomes.ts';
import { entriesOverTime } from './entries-over-time.ts';

/** The part of a recorded arm that this scenario looks at. */
export type Measured = Pick<Arm, 'name' | 'workers' | 'cache' | 'workload' | 'phases'>;

/** What all workers did in all phases. */
export function totalOf({ phases }: Measured, what: 'evictions' | 'culls'): number {
  return sum(phases.flatMap(({ workers }) => workers.map((worker) => worker[what])));
}

/** Entries of the first worker, request by request. */
export function sawTooth(arms: readonly Measured[]): Exhibit | null {
  const series = arms
    .filter(({ workload, cache }) => workload.keys >= cache.maxEntries)
    .map((arm) => {
      const residency = phaseOf(arm, 'steady')?.residency;
      return { name: arm.name, points: residency ? entriesOverTime(residency, 1) : [] };
    })
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return null;
  const { cache } = arms[0]!;
  return lines({
    id: 'entries-over-time',
    title: 'Entries in worker 1 during the steady phase',
    caption: `A full cache makes room by dropping several entries at once, the least recently used ones: with CULL_FREQUENCY ${cache.cullFrequency}, ${entriesPerCull(cache)} of ${cache.maxEntries}. Then it fills up again. A working set that just fits loses nothing.`,
    x: { label: 'requests to the fleet', format: 'count' },
    y: { label: 'entries held', format: 'count' },
    series,
  });
}

/** Who stays: hit rates of the hottest keys and of the rare ones. */
export function byPopularity(arms: readonly Measured[]): Exhibit | null {
  const traced = arms.filter((arm) => phaseOf(arm, 'steady')?.trace);
  if (traced.length === 0) return null;
  const bands = bandsOf(traced[0]!.workload.keys);
  return bars(bands, {
    id: 'hit-rate-by-popularity',
    title: 'Hit rate in the steady phase, by popularity of the key',
    caption:
      'The least recently used entries go first, so popular keys stay. The expected values are those of a settled cache.',
    y: { label: 'hit rate', format: 'percent' },
    series: [
      ...traced.map((arm) => ({ name: arm.name, of: (band: Band) => measuredIn(arm, band) })),
      // Theory knows the size of a cache and not how many of them there are.
      ...firstOfEachSize(traced).map((arm) => ({
        name: `expected of ${arm.cache.maxEntries} entries`,
        role: 'expected' as const,
        of: (band: Band) => steadyHitRates(arm, [band])[0]!,
      })),
    ],
  });
}

function firstOfEachSize(arms: readonly Measured[]): Measured[] {
  const bySize = Map.groupBy(arms, ({ cache }) => cache.maxEntries);
  return [...bySize.values()].map(([first]) => first!);
}

function bandsOf(keys: number): (Band & { name: string })[] {
  const ends = [0.025, 0.1, 0.25, 0.5, 1].map((share) => Math.max(1, Math.round(share * keys)));
  return ends
    .map((to, i) => ({ from: (ends[i - 1] ?? 0) + 1, to }))
    .filter(({ from, to }) => from <= to)
    .map((band) => ({ ...band, name: `rank ${band.from} to ${band.to}` }));
}

/** The hit rate of the keys of one band; `null` when none of them was asked for. */
function measuredIn(arm: Measured, { from, to }: Band): number | null {
  const { key, ranks, outcome } = phaseOf(arm, 'steady')!.trace!;
  const asked = outcome.filter((_, i) => ranks[key[i]!]! >= from && ranks[key[i]!]! <= to);
  return asked.length === 0 ? null : asked.filter((one) => one === HIT).length / asked.length;
}

/** Entries that each arm allows, and the hit rates that they buy. */
export function prices(arms: readonly Measured[]): Exhibit {
  return table(arms, {
    id: 'price-of-memory',
    title: 'What each way to spend memory buys',
    caption: 'Entries allowed in all workers together, and the hit rates that result.',
    columns: [
      ['arm', ({ name }) => name],
      ['entries allowed', ({ workers, cache }) => workers * cache.maxEntries, 'count'],
      ['cold start', (arm) => phaseOf(arm, 'cold start')?.totals.hitRate ?? null, 'percent'],
      ['steady', (arm) => phaseOf(arm, 'steady')?.totals.hitRate ?? null, 'percent'],
      ['expected', (arm) => phaseOf(arm, 'steady')?.expected?.hitRate.value ?? null, 'percent'],
      ['culls', (arm) => totalOf(arm, 'culls'), 'count'],
      ['evictions', (arm) => totalOf(arm, 'evictions'), 'count'],
    ],
  });
}
