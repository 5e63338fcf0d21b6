import { count, counted, formatValue, onAxis, percent } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { planArms } from '../kit/arms.ts';
import type { Held, Scenario } from '../kit/contract.ts';
import { sideBySide } from '../kit/exhibits.ts';
import {
  aRateThatHolds,
  everythingFits,
  nothingExpires,
  randomKeys,
  refuseWhen,
  severalWorkers,
} from '../kit/options.ts';
import { lookupsToCatchUp } from '../theory/catching-up.ts';
import { asHitRate, exactly } from '../theory/estimate.ts';
import { expectedMisses } from '../theory/of-arm.ts';
import { popularityShares } from '../theory/popularity.ts';
import { costs, courseOf } from './exhibits.ts';
import { measureRestarts } from './protocol.ts';
import {
  caughtUp,
  cost,
  entriesLost,
  firstHitRate,
  firstLookups,
  livesOf,
  type Restart,
  type RestartedArm,
  type Seen,
  unanswered,
} from './restarts.ts';
import { CAUGHT_UP, FIRST_LOOKUPS } from './watch.ts';

/** Fewer make no curve: a point of it is a quarter of a second. */
const LEAST_RATE = 120;

/** A warm fleet under steady traffic: a rolling reload, then a worker killed outright. */
export const restart: Scenario<Seen> = {
  name: 'restart',
  question: 'What does a restart cost when the cache lives in the process?',
  claims: ['C9'],
  seconds: 14,
  originOrders: 20_000,
  defaults: { keys: 60, ratePerSecond: 300 },
  quick: { workers: [2], keys: 40 },
  unused: {
    requests: 'traffic lasts as long as the restart takes.',
    connections: 'the rate decides how many connections there are.',
    routing:
      'each request comes over a fresh connection; autocannon keeps writing to connections that the server is closing, and would lose requests by itself.',
  },

  refuse: (options) => [
    severalWorkers(options, 'it also kills a worker, and then nothing would answer'),
    aRateThatHolds(options),
    refuseWhen(
      options.ratePerSecond !== null && options.ratePerSecond < LEAST_RATE,
      'ratePerSecond',
      `fewer requests show no curve; use ${LEAST_RATE} or more`,
    ),
    everythingFits(options),
    nothingExpires(options, 60),
    randomKeys(options),
  ],

  arms: (options) => planArms(options, { routing: 'fresh' }),

  measure: measureRestarts,
  findings: (arm) => [
    ...arm.observations.restarts.flatMap((one) => restartFindings(arm, one)),
    catchingUp(arm),
    timeToCatchUp(arm),
  ],

  sentence(arms) {
    const arm = arms.at(-1)!;
    const [reload, kill] = arm.observations.restarts;
    if (!reload || !kill) return null;
    const lost = unanswered(reload);
    return (
      `A rolling reload of ${counted(arm.workers, 'worker')} lost ${lost === 0 ? 'no request' : counted(lost, 'request')} but all ` +
      `${count(entriesLost(reload))} cached entries: of the first ${FIRST_LOOKUPS} requests to each new process ${percent(firstHitRate(reload))} were hits, ` +
      `and the database got ${counted(cost(reload), 'extra query', 'extra queries')}. Killing one worker cost ` +
      `${counted(cost(kill), 'query', 'queries')} and ${counted(unanswered(kill), 'request')} without an answer.${climb(arm)}`
    );
  },

  headline(arms) {
    const [reload, kill] = arms.at(-1)!.observations.restarts;
    if (!reload || !kill) return null;
    const [all, one] = [
      { name: 'a rolling reload', restart: reload },
      { name: 'one worker killed', restart: kill },
    ];
    return sideBySide(all, one, [
      ['extra queries', ({ restart }) => cost(restart)],
      ['requests without an answer', ({ restart }) => unanswered(restart)],
    ]);
  },

  exhibits: (arms) => [
    ...arms.flatMap((arm) => arm.observations.restarts.map((one) => courseOf(arm, one))),
    costs(arms),
  ],
};

/** How long it takes to be as good as before, or nearly. */
function climb({ observations }: RestartedArm): string {
  const needed = caughtUp(observations.restarts);
  const share = `the pages that make up ${onAxis(CAUGHT_UP, 'percent')} of the requests`;
  if (needed === null) return ` Not every new process held ${share} again when the traffic ended.`;
  const { lookups, millis } = needed;
  return ` To hold ${share}, a new process needed ${counted(Math.round(lookups), 'request')}, ${formatValue(1_000 * millis, 'micros')}.`;
}

/** What one restart cost, held against what theory says. */
function restartFindings(arm: RestartedArm, one: Restart): (Held | null)[] {
  const where = `${one.phase}, with ${counted(arm.workers, 'worker')}`;
  const { fresh, old } = livesOf(one);
  const isReload = one.phase === 'rolling reload';
  const expected = (lookups: readonly number[]) =>
    expectedMisses(
      arm,
      lookups.map((requests) => ({ requests, before: 0 })),
    );
  const first = expected(firstLookups(one));
  return [
    {
      what: `entries that a new process held without having loaded them, ${where}`,
      unit: 'entries',
      expected: exactly(0, 'the cache was in the memory of the dead process'),
      measured: fresh.length === 0 ? null : sum(fresh.map(({ knownAtOnce }) => knownAtOnce)),
    },
    {
      what: `pages that new processes read again, ${where}`,
      unit: 'pages',
      expected: expected(fresh.map(({ requests }) => requests)),
      measured: sum(fresh.map(({ pagesRead }) => pagesRead)),
    },
    {
      what: `hit rate of the first ${FIRST_LOOKUPS} requests to each new process, ${where}`,
      unit: 'share',
      expected: first && asHitRate(first, sum(firstLookups(one))),
      measured: firstHitRate(one),
    },
    {
      what: `misses at processes that were not replaced, ${where}`,
      unit: 'misses',
      expected: exactly(0, 'they held every page, and a restart elsewhere takes none of them'),
      measured: sum(old.map(({ misses }) => misses)),
    },
    {
      claim: null,
      what: `requests without an answer, ${where}`,
      unit: 'requests',
      expected: isReload ? exactly(0, 'a worker leaves only after its last answer') : null,
      measured: unanswered(one),
    },
  ];
}

/** The same in time, which is up to the machine. */
function timeToCatchUp({ workers, observations }: RestartedArm): Held | null {
  const needed = caughtUp(observations.restarts);
  return (
    needed && {
      what: `time until a new process held ${onAxis(CAUGHT_UP, 'percent')} of its traffic, with ${counted(workers, 'worker')}`,
      unit: 'µs',
      expected: null,
      measured: 1_000 * needed.millis,
    }
  );
}

/** How soon new processes are as good as before, or nearly; nothing where some were not in time. */
function catchingUp({ workers, workload, observations }: RestartedArm): Held | null {
  const { restarts } = observations;
  const needed = caughtUp(restarts);
  const caches = sum(restarts.map((one) => livesOf(one).fresh.length));
  return (
    needed && {
      what: `requests until a new process held ${onAxis(CAUGHT_UP, 'percent')} of its traffic, with ${counted(workers, 'worker')}`,
      unit: 'requests',
      expected: lookupsToCatchUp(popularityShares(workload), {
        ...{ target: CAUGHT_UP, caches, seed: workload.seed },
      }),
      measured: needed.lookups,
    }
  );
}
