import { planArm, type Scenario, type ScenarioOptions } from '../kit/contract.ts';
import { conclude, count } from '../kit/finding.ts';
import { byPopularity, prices, sawTooth } from './exhibits.ts';
import { differences, evictionFindings, hitRateFindings, isTight, sentence } from './judgement.ts';

/** The first stretch, from empty caches: as long for one worker as for many. */
const COLD_REQUESTS = 1_500;

/** Then each further worker gets so many to fill its cache and begin to cull. */
const SETTLING_PER_WORKER = 600;

/** Below MAX_ENTRIES by this share, for the working set that fits with room to spare. */
const WITH_ROOM = 0.8;

/** Working sets around MAX_ENTRIES; then the same entries per worker, and the same in all. */
export const eviction: Scenario = {
  name: 'eviction',
  question: 'What happens when there is more to remember than MAX_ENTRIES allows?',
  claims: ['C10', 'C4'],
  seconds: 13,
  originOrders: 4_000,
  defaults: { keys: 1_200, requests: 3_000 },
  quick: { workers: [2], keys: 240, maxEntries: 60, requests: 1_500 },
  unused: {
    ratePerSecond: 'eviction depends on what is asked, not on how fast.',
    timeoutSeconds: 'entries never expire here, so that every removal is an eviction.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'use --seed for other keys.',
  },

  refuse({ workers, maxEntries, cullFrequency, keys, popularity }) {
    const cannot = 'cannot be used with --scenario eviction';
    if (workers.includes(1))
      return `--workers 1 ${cannot}: it has arms with 1 worker, and compares them with 2 or more.`;
    if (keys < 1.2 * maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: nearly all would fit; use ${Math.ceil(1.2 * maxEntries)} or more.`;
    const smallest = Math.floor(maxEntries / Math.max(...workers));
    if (smallest < Math.max(3, cullFrequency))
      return `--max-entries ${maxEntries} ${cannot} and --workers ${Math.max(...workers)}: shared out that leaves ${smallest} each, too few to cull from.`;
    if (popularity === 'cyclic')
      return `--popularity cyclic ${cannot}: an LRU cache that is too small for a cycle never hits at all.`;
    return null;
  },

  arms(options) {
    const { maxEntries } = options;
    return [
      armOf(options, 1, maxEntries, Math.floor(WITH_ROOM * maxEntries)),
      armOf(options, 1, maxEntries, maxEntries),
      armOf(options, 1, maxEntries, options.keys),
      ...options.workers.flatMap((workers) => [
        armOf(options, workers, maxEntries, options.keys),
        armOf(options, workers, Math.floor(maxEntries / workers), options.keys),
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
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), [
        ...arms.flatMap(evictionFindings),
        ...arms.filter(isTight).flatMap(hitRateFindings),
        ...differences(arms),
      ]),
      exhibits: arms.length === 0 ? [] : [...sawTooth(arms), ...byPopularity(arms), prices(arms)],
    };
  },
};

function armOf(options: ScenarioOptions, workers: number, maxEntries: number, keys: number) {
  return planArm(options, {
    name: `${workers} × ${maxEntries} entries, ${count(keys)} keys`,
    workers,
    maxEntries,
    keys,
    timeoutSeconds: null,
  });
}
