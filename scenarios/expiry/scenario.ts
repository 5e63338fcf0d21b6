import { planArm, type Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { curve, queryBars } from './exhibits.ts';
import { findings, sentence } from './judgement.ts';

/** So many timeouts pass before it is measured: by then entries expire as often as they ever will. */
const SETTLING_TIMEOUTS = 2;

/** A fixed rate and a short timeout, for one worker and for N: each refreshes its own copy. */
export const expiry: Scenario = {
  name: 'expiry',
  question: 'Entries expire after TIMEOUT. What do N workers ask the database, second by second?',
  claims: ['C11', 'C15'],
  seconds: 11,
  originOrders: 8_000,
  defaults: { keys: 50, ratePerSecond: 400, timeoutSeconds: 0.5, requests: 1_200 },
  quick: { workers: [3], timeoutSeconds: 0.3, requests: 600 },
  unused: {
    connections: 'connections are as many as the rate needs.',
    routing: 'each request comes over a fresh connection, so that all workers get their share.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'every expiry is a repetition already.',
  },

  refuse({ ratePerSecond, timeoutSeconds, requests, popularity, keys, maxEntries }) {
    const cannot = 'cannot be used with --scenario expiry';
    if (ratePerSecond === null || ratePerSecond > 1_000)
      return `--rate ${ratePerSecond ?? 'without limit'} ${cannot}: 1000 is what it can hold with fresh connections.`;
    if (timeoutSeconds === null) return `--timeout never ${cannot}: nothing would expire.`;
    if (requests < 4 * timeoutSeconds * ratePerSecond)
      return `--requests ${requests} ${cannot}, --rate ${ratePerSecond} and --timeout ${timeoutSeconds}: it takes 4 timeouts or more, so ${Math.ceil(4 * timeoutSeconds * ratePerSecond)} requests.`;
    if (keys > maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: entries would be evicted as well as expire.`;
    if (popularity === 'cyclic')
      return `--popularity cyclic ${cannot}: the formula is for requests at random.`;
    return null;
  },

  arms(options) {
    return [...new Set([1, ...options.workers])]
      .sort((a, b) => a - b)
      .map((workers) =>
        planArm(options, {
          name: workers === 1 ? '1 worker' : `${workers} workers`,
          workers,
          routing: 'fresh',
        }),
      );
  },

  async measure(lab) {
    const { ratePerSecond, timeoutSeconds, requests } = lab.plan;
    const settling = Math.ceil(SETTLING_TIMEOUTS * timeoutSeconds! * ratePerSecond!);
    await lab.phase('settling', (phase) => phase.traffic({ requests: settling }));
    await lab.phase('steady', (phase) => phase.traffic({ requests }));
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.length === 0 ? [] : [queryBars(arms), curve(arms)],
    };
  },
};
