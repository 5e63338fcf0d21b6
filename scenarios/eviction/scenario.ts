import { distance } from '../../reports/record/distance.ts';
import { count, counted, percent } from '../../reports/record/format.ts';
import type { Phase } from '../../reports/record/schema.ts';
import { phaseOf } from '../../reports/record/tally.ts';
import { planArm } from '../kit/arms.ts';
import type { Held, Scenario, ScenarioOptions } from '../kit/contract.ts';
import { sideBySide } from '../kit/exhibits.ts';
import { hitRateAbove, hitRateOfPhase } from '../kit/finding.ts';
import { atLeast, randomKeys, refuseWhen, severalWorkers } from '../kit/options.ts';
import { entriesPerCull } from '../theory/cache-limits.ts';
import { byConstruction, exactly, noDifference } from '../theory/estimate.ts';
import { byPopularity, type Measured, prices, sawTooth, totalOf } from './exhibits.ts';

/** The first stretch, from empty caches: as long for one worker as for many. */
const COLD_REQUESTS = 1_500;
/** Then each further worker gets so many to fill its cache and begin to cull. */
const SETTLING_PER_WORKER = 600;
/** Below MAX_ENTRIES by this share, for the working set that fits with room to spare. */
const WITH_ROOM = 0.8;

/** Working sets around MAX_ENTRIES; then the same entries in all workers, and the same in each. */
export const eviction: Scenario = {
  name: 'eviction',
  question: 'What happens when there is more to remember than MAX_ENTRIES allows?',
  claims: ['C10', 'C4'],
  seconds: 13,
  originOrders: 4_000,
  defaults: { keys: 1_200, requests: 3_000 },
  quick: { workers: [2], keys: 240, maxEntries: 60, requests: 1_500 },
  unused: {
    ratePerSecond: 'eviction depends on which keys come, not on how fast.',
    timeoutSeconds: 'entries never expire here, so that every removal is an eviction.',
    rounds: 'use --seed for other keys.',
  },

  refuse(options) {
    const { workers, maxEntries, cullFrequency } = options;
    const smallest = Math.floor(maxEntries / Math.max(...workers));
    return [
      severalWorkers(options, 'it has arms with 1 worker, and compares them with more'),
      atLeast(options, 'keys', Math.ceil(1.2 * maxEntries), 'nearly all would fit'),
      refuseWhen(
        smallest < Math.max(3, cullFrequency),
        'maxEntries',
        `shared out among ${Math.max(...workers)} workers that leaves ${smallest} each, too few to cull from`,
      ),
      randomKeys(options),
    ];
  },

  arms(options) {
    const { keys, maxEntries } = options;
    return [
      // The first and the last are the pair that a report shows first.
      armOf(options, { workers: 1, maxEntries, keys }),
      armOf(options, { workers: 1, maxEntries, keys: maxEntries }),
      armOf(options, { workers: 1, maxEntries, keys: Math.floor(WITH_ROOM * maxEntries) }),
      ...options.workers.flatMap((workers) => [
        armOf(options, { workers, maxEntries: Math.floor(maxEntries / workers), keys }),
        armOf(options, { workers, maxEntries, keys }),
      ]),
    ];
  },

  async measure(lab) {
    const { workers, requests } = lab.plan;
    await lab.phase('cold start', (phase) => phase.traffic({ requests: COLD_REQUESTS }));
    if (workers > 1) {
      const settling = SETTLING_PER_WORKER * (workers - 1);
      await lab.phase('settling', (phase) => phase.traffic({ requests: settling }));
    }
    await lab.phase('steady', (phase) => phase.traffic({ requests }));
    return {};
  },

  findings(arm) {
    const [evictions, culls] = [totalOf(arm, 'evictions'), totalOf(arm, 'culls')];
    if (!isTight(arm)) {
      const expected = exactly(0, 'a cache that is not full drops nothing');
      return [{ what: `evictions, ${arm.name}`, unit: 'entries', expected, measured: evictions }];
    }
    return [
      {
        what: `entries that ${count(culls)} culls dropped, ${arm.name}`,
        unit: 'entries',
        expected: byConstruction(
          culls * entriesPerCull(arm.cache),
          'as in Django: a full cache drops len // CULL_FREQUENCY',
        ),
        measured: culls === 0 ? null : evictions,
      },
      ...arm.phases
        .filter(({ name }) => name !== 'settling')
        .map((phase) => ({
          ...hitRateOfPhase(phase, `hit rate, ${phase.name}, ${arm.name}`),
          claim: arm.workers > 1 ? 'C4' : 'C10',
        })),
    ];
  },

  /** As much room for each of N workers as for one: the same hit rate, once all are warm. */
  comparisons(arms) {
    const [one, ...others] = arms.filter(isTight);
    const alike = others.filter(({ cache }) => cache.maxEntries === one!.cache.maxEntries);
    return alike.map((arm) => aboveOne(one!, arm));
  },

  sentence(arms) {
    const [one, ...split] = arms.filter(isTight);
    const isSame = ({ cache }: Measured) => cache.maxEntries === one!.cache.maxEntries;
    const same = split.findLast(isSame);
    const shared = split.findLast((arm) => !isSame(arm));
    if (!one || !same || !shared) return null;
    const rate = (arm: Measured, phase: string) => percent(phaseOf(arm, phase)?.totals.hitRate);
    return (
      `After settling, ${counted(same.workers, 'worker')} of ${same.cache.maxEntries} entries each had a hit rate of ` +
      `${rate(same, 'steady')} where one had ${rate(one, 'steady')}: ${distance(aboveOne(one, same))}. They had started at ${rate(same, 'cold start')} and ${rate(one, 'cold start')}. ` +
      `With the same memory in all, ${shared.workers} × ${shared.cache.maxEntries}, it is ${rate(shared, 'steady')}.`
    );
  },

  headline(arms) {
    const [one, ...split] = arms.filter(isTight);
    const same = split.findLast(({ cache }) => cache.maxEntries === one!.cache.maxEntries);
    if (!one || !same) return null;
    const rate = (phase: string) => (arm: Measured) => phaseOf(arm, phase)?.totals.hitRate ?? null;
    return sideBySide(one, same, [
      ['hit rate at first', rate('cold start'), 'percent'],
      ['hit rate once warm', rate('steady'), 'percent'],
    ]);
  },

  exhibits: (arms) => [sawTooth(arms), byPopularity(arms.filter(isTight)), prices(arms)],
};

function armOf(
  options: ScenarioOptions,
  arm: { readonly workers: number; readonly maxEntries: number; readonly keys: number },
) {
  const name = `${arm.workers} × ${arm.maxEntries} entries, ${count(arm.keys)} keys`;
  return planArm(options, { name, timeoutSeconds: null, ...arm });
}

/** More keys than entries: something has to go. */
const isTight = ({ workload, cache }: Measured) => workload.keys > cache.maxEntries;

function aboveOne(one: Measured, many: Measured): Held {
  const what = `steady hit rate of ${many.name} above that of one worker`;
  const [before, after] = [one, many].map((arm) => phaseOf(arm, 'steady')!) as [Phase, Phase];
  const above = hitRateAbove(after, before, what);
  const [alone, split] = [before.expected, after.expected];
  return {
    ...{ ...above, claim: 'C4' },
    expected: alone && split && noDifference(alone.hitRate, split.hitRate, CHE),
  };
}

const CHE =
  'Che: the hit rate of a full LRU cache depends on its size, not on its share of requests';
