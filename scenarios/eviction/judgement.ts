import type { Arm, Estimate, Finding, Phase } from '../../reports/record/schema.ts';
import { count, counted, exactly, finding, percent } from '../kit/finding.ts';

/** Nothing goes while there is room; then a cull takes its share at once. */
export function evictionFindings(arm: Arm): Finding[] {
  const workers = arm.phases.flatMap((phase) => phase.workers);
  const evictions = sum(workers.map((worker) => worker.evictions));
  if (!isTight(arm)) {
    return [
      finding({
        claim: 'C10',
        what: `evictions, ${arm.name}`,
        unit: 'entries',
        expected: exactly(0, 'a cache that is not full drops nothing'),
        measured: evictions,
      }),
    ];
  }
  const { maxEntries, cullFrequency } = arm.cache;
  const perCull = cullFrequency === 0 ? maxEntries : Math.floor(maxEntries / cullFrequency);
  const culls = sum(workers.map((worker) => worker.culls));
  return [
    finding({
      claim: 'C10',
      what: `entries that ${count(culls)} culls dropped, ${arm.name}`,
      unit: 'entries',
      expected: exactly(culls * perCull, 'Django: a full cache drops len // CULL_FREQUENCY'),
      measured: culls === 0 ? null : evictions,
    }),
  ];
}

/** How often a cache that is too small hits, from empty and once it has settled. */
export function hitRateFindings(arm: Arm): Finding[] {
  return [phaseOf(arm, 'cold start'), phaseOf(arm, 'steady')].flatMap((phase) =>
    phase
      ? [
          finding({
            claim: arm.workers > 1 ? 'C4' : 'C10',
            what: `hit rate, ${phase.name}, ${arm.name}`,
            unit: 'share',
            expected: phase.expected?.hitRate ?? null,
            measured: phase.totals.hitRate,
          }),
        ]
      : [],
  );
}

/** As much room for each of N workers as for one: the same hit rate, once all are warm. */
export function differences(arms: readonly Arm[]): Finding[] {
  const one = arms.find((arm) => isTight(arm) && arm.workers === 1);
  return arms
    .filter((arm) => isTight(arm) && arm.workers > 1)
    .filter((arm) => arm.cache.maxEntries === one?.cache.maxEntries)
    .map((arm) => {
      const [before, after] = [one && phaseOf(one, 'steady'), phaseOf(arm, 'steady')];
      const rates = [before?.totals.hitRate, after?.totals.hitRate];
      return finding({
        claim: 'C4',
        what: `steady hit rate of ${arm.name} above that of one worker`,
        unit: 'share',
        expected: noDifference(before?.expected?.hitRate, after?.expected?.hitRate),
        measured: rates[0] == null || rates[1] == null ? null : rates[1] - rates[0],
      });
    });
}

function noDifference(one: Estimate | undefined, other: Estimate | undefined): Estimate | null {
  if (!one || !other) return null;
  const half = Math.hypot(halfWidth(one), halfWidth(other));
  return {
    value: 0,
    low: -half,
    high: half,
    interval: '95 % of pairs of runs',
    source:
      'Che: the hit rate of a full LRU cache depends on its size, not on its share of requests',
  };
}

const halfWidth = ({ low, high }: Estimate) => ((high ?? 0) - (low ?? 0)) / 2;

/** The verdict in figures. */
export function sentence(arms: readonly Arm[]): string {
  const tight = arms.filter(isTight);
  const one = tight[0];
  const same = tight.findLast(
    (arm) => arm.workers > 1 && arm.cache.maxEntries === one?.cache.maxEntries,
  );
  const shared = tight.findLast((arm) => arm.workers > 1 && arm !== same);
  if (!one || !same || !shared) return 'Nothing was measured.';
  const rate = (arm: Arm, phase: string) => percent(phaseOf(arm, phase)?.totals.hitRate);
  return (
    `Once warm, ${counted(same.workers, 'worker')} of ${same.cache.maxEntries} entries each hit as often as one: ` +
    `${rate(same, 'steady')} against ${rate(one, 'steady')}, though they had started at ${rate(same, 'cold start')} against ${rate(one, 'cold start')}. ` +
    `With the same memory in all, ${shared.workers} × ${shared.cache.maxEntries}, it is ${rate(shared, 'steady')}.`
  );
}

/** More keys than entries: something has to go. */
export const isTight = ({ workload, cache }: Arm) => workload.keys > cache.maxEntries;

/** The phase of that name. */
export const phaseOf = ({ phases }: Arm, name: string): Phase | undefined =>
  phases.find((phase) => phase.name === name);

/** The numbers added up. */
export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
