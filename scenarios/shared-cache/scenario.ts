import { planArm, type Scenario } from '../kit/contract.ts';
import { noRounds } from '../kit/refusals.ts';
import { exhibitsOf } from './exhibits.ts';
import { judgeArms } from './judgement.ts';
import { HOT_PAGES, measureBackend, SERIES } from './protocol.ts';

/** The articles' table, with a measured answer in each cell. */
export const sharedCache: Scenario = {
  name: 'shared-cache',
  question: 'What does a shared cache give that local memory does not, and what does it cost?',
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
  unused: {
    ...noRounds(),
    ratePerSecond: 'how fast each cache can be is one of the things to see.',
  },

  refuse({ workers, backends, keys, requests, timeoutSeconds, maxEntries }) {
    const cannot = 'cannot be used with --scenario shared-cache';
    if (workers.includes(1))
      return `--workers 1 ${cannot}: nobody would be there to share with; 2 or more.`;
    if (backends.includes('dummy'))
      return `--backends dummy ${cannot}: what keeps nothing can neither share nor lose it.`;
    if (keys < SERIES)
      return `--keys ${keys} ${cannot}: it asks for ${SERIES} different pages one by one.`;
    if (requests < 2 * HOT_PAGES) return `--requests ${requests} ${cannot}: use 100 or more.`;
    if (maxEntries < keys)
      return `--max-entries ${maxEntries} ${cannot} and --keys ${keys}: local memory would evict what the services keep, and differ for that.`;
    if (timeoutSeconds !== null && timeoutSeconds < 60)
      return `--timeout ${timeoutSeconds} ${cannot}: entries would expire as well as be lost; 60 is enough.`;
    return null;
  },

  arms(options) {
    return options.workers.flatMap((workers) => {
      const fleet = options.workers.length > 1 ? `, ${workers} workers` : '';
      return options.backends.flatMap((backend) => {
        const arm = planArm(options, { name: `${backend}${fleet}`, workers, backend });
        const persistent = {
          ...arm,
          name: `redis with a file${fleet}`,
          persistence: 'append-only file' as const,
        };
        return backend === 'redis' ? [arm, persistent] : [arm];
      });
    });
  },

  measure: measureBackend,

  judge(arms) {
    return { verdict: judgeArms(arms), exhibits: exhibitsOf(arms) };
  },
};
