import { planArm } from '../kit/arms.ts';
import type { Scenario } from '../kit/contract.ts';
import {
  atLeast,
  everythingFits,
  nothingExpires,
  severalWorkers,
  usableBackends,
} from '../kit/options.ts';
import { exhibits } from './exhibits.ts';
import { findings, headline, sentence, slowerThanMemory } from './judgement.ts';
import type { Observed } from './observed.ts';
import { HOT_PAGES, measureBackend, SERIES } from './protocol.ts';

/** The articles' table, with a measured answer in each cell. */
export const sharedCache: Scenario<Observed> = {
  name: 'shared-cache',
  question: 'What does a shared cache gain over local memory, and what does it cost?',
  claims: ['C12', 'C18', 'C20'],
  seconds: 14,
  defaults: {
    backends: ['locmem', 'redis', 'memcached', 'tiered'],
    // Each worker is started twice in most arms, which takes most of the time.
    workers: [3],
    requests: 800,
    connections: 16,
    keys: 130,
  },
  quick: { workers: [2], backends: ['locmem', 'redis'], requests: 400, keys: SERIES },
  // A miss stays dear beside a hit, and the misses of five arms take a second less each.
  originOrders: 20_000,
  uses: ['backends'],
  unused: {
    ratePerSecond: 'it measures how fast each cache can be.',
  },

  refuse: (options) => [
    severalWorkers(options, 'there would be no worker to share with'),
    usableBackends(options),
    atLeast(options, 'keys', SERIES, `it asks for ${SERIES} distinct pages one by one`),
    atLeast(options, 'requests', 2 * HOT_PAGES, 'each of the hot pages needs two requests'),
    everythingFits(options),
    nothingExpires(options, 60),
  ],

  arms: (options) =>
    options.workers.flatMap((workers) => {
      const fleet = options.workers.length > 1 ? `, ${workers} workers` : '';
      return options.backends.flatMap((backend) => {
        const arm = planArm(options, { name: `${backend}${fleet}`, workers, backend });
        if (backend !== 'redis') return [arm];
        return [
          arm,
          { ...arm, name: `redis with a file${fleet}`, persistence: 'append-only file' },
        ];
      });
    }),

  measure: measureBackend,
  findings,
  comparisons: slowerThanMemory,
  sentence,
  headline,
  exhibits,
};
