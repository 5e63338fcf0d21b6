import { counted, inWords } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { HOT_TIMEOUT_SECONDS, type HotOutcome } from '../../server/protocol.ts';
import { cachesOf, eachKindOfFleet, isCured, mostTelling } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { bars, contrast, tableByArm } from '../kit/exhibits.ts';
import { atLeast, noUserPages, usableBackends } from '../kit/options.ts';
import { exactly, within } from '../theory/estimate.ts';
import { type Bursts, type HotReply, measureBursts, type Seen } from './protocol.ts';

/** A hot entry is gone, and all clients want it at once: without a lock on loading, and with one. */
export const stampede: Scenario<Seen> = {
  name: 'stampede',
  question: 'The entry that everybody wants expires. How often is it loaded?',
  claims: ['C17'],
  seconds: 7,
  // What takes the time is the way to the database, not the work there.
  originOrders: 2_000,
  defaults: { originDelayMillis: 250 },
  quick: { workers: [2], connections: 16, originDelayMillis: 150 },
  uses: ['backends'],
  unused: {
    ...noUserPages('for one hot page'),
    maxEntries: 'there is one entry.',
    cullFrequency: 'there is one entry.',
    timeoutSeconds: `the hot entry lives for ${HOT_TIMEOUT_SECONDS} s, so that it expires during the run.`,
    requests: 'each connection sends one request each time the entry is gone; use --connections.',
    routing: 'all connections send one request at the same moment.',
    ratePerSecond: 'all connections send their request at the same moment.',
  },

  refuse(options) {
    const { workers, connections } = options;
    const few = `with ${Math.max(...workers)} workers each would get too few requests at once for a lock to matter`;
    const soon = `the entry would be back before ${connections} connections have sent a request`;
    return [
      atLeast(options, 'connections', 2 * Math.max(...workers) + 1, few),
      atLeast(options, 'originDelayMillis', 4 * connections, soon),
      usableBackends(options, {
        memcached: `memcached's clock ticks once a second, and the hot entry lives for ${HOT_TIMEOUT_SECONDS} s`,
      }),
    ];
  },

  arms: (options) => eachKindOfFleet(options, { features: ['hot-key'], routing: 'fresh' }),

  measure: measureBursts,

  findings(arm) {
    const { name, workers, observations } = arm;
    const { withoutLock, withLock } = observations;
    const requests = withoutLock.flat().length;
    return [
      {
        what: `${name}, without a lock: loads in ${withoutLock.length} bursts of ${withoutLock[0]?.length ?? 0} requests`,
        unit: 'loads',
        expected: within(
          requests,
          {
            low: requests / 2,
            high: requests,
            reason:
              'from half of the requests to all: one that comes after the first load finds the entry',
          },
          'every request that misses loads it: up to N · c for c requests per worker',
        ),
        measured: loadsIn(withoutLock),
      },
      {
        claim: workers > 1 ? 'C17' : null,
        what: `${name}, with a lock by add: loads in ${withLock.length} bursts`,
        unit: 'loads',
        expected: isCured(arm)
          ? exactly(withLock.length, 'a lock in the shared cache lets one through: 1 per burst')
          : exactly(
              sum(withLock.map((burst) => slotsIn(burst).length)),
              'a lock in a process lets one through in each: N per burst',
            ),
        measured: loadsIn(withLock),
      },
    ];
  },

  sentence(arms) {
    const arm = mostTelling(arms)!;
    const { withoutLock, withLock } = arm.observations;
    const times = (bursts: Bursts) =>
      perBurst(bursts) === 1 ? 'once' : `${inWords(perBurst(bursts), 'number')} times`;
    return (
      `Each time the hot entry was gone, ${counted(withoutLock[0]?.length ?? 0, 'client')} wanted it at once: without a lock ` +
      `${counted(arm.workers, 'worker')} loaded it ${times(withoutLock)}, with a lock ${times(withLock)}.`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      ['loads without a lock', ({ observations }) => perBurst(observations.withoutLock), 'number'],
      ['loads with a lock', ({ observations }) => perBurst(observations.withLock), 'number'],
    ]),

  exhibits: (arms) => [
    bars(arms, {
      id: 'loads',
      title: 'Loads each time the entry was gone',
      caption:
        'A lock keeps the requests of one worker from loading the same thing at once. It does not reach the other workers.',
      y: { label: 'loads of one entry', format: 'number' },
      series: [
        { name: 'without a lock', of: ({ observations }) => perBurst(observations.withoutLock) },
        { name: 'with a lock', of: ({ observations }) => perBurst(observations.withLock) },
        { name: 'a lock per process: N', role: 'expected', of: cachesOf },
      ],
    }),
    tableByArm(arms, byWorker, {
      id: 'by-worker',
      title: 'Who loaded, who waited, who found it',
      caption: 'All bursts together, for each worker.',
      columns: [
        ['lock', ({ lock }) => lock],
        ['worker', ({ slot }) => slot, 'count'],
        ['requests', ({ replies }) => replies.length, 'count'],
        ['loaded', ({ replies }) => thatHave(replies, 'loaded'), 'count'],
        ['waited', ({ replies }) => thatHave(replies, 'waited'), 'count'],
        ['found', ({ replies }) => thatHave(replies, 'found'), 'count'],
      ],
    }),
  ],
};

const thatHave = (replies: readonly HotReply[], outcome: HotOutcome) =>
  replies.filter((reply) => reply.outcome === outcome).length;
const loadsIn = (bursts: Bursts) => thatHave(bursts.flat(), 'loaded');
const perBurst = (bursts: Bursts) => (bursts.length === 0 ? 0 : loadsIn(bursts) / bursts.length);
const slotsIn = (replies: readonly HotReply[]) =>
  [...new Set(replies.map(({ slot }) => slot))].sort((a, b) => a - b);

function byWorker({ observations: { withoutLock, withLock } }: SeenArm<Seen>) {
  const ways = [
    { lock: 'no', all: withoutLock.flat() },
    { lock: 'yes', all: withLock.flat() },
  ];
  return ways.flatMap(({ lock, all }) =>
    slotsIn(all).map((slot) => {
      return { lock, slot, replies: all.filter((reply) => reply.slot === slot) };
    }),
  );
}
