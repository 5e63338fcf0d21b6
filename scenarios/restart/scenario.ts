import { count, counted, percent } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { planArms } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import {
  aRateThatHolds,
  everythingFits,
  nothingExpires,
  randomKeys,
  refuseWhen,
  severalWorkers,
} from '../kit/options.ts';
import { exactly } from '../theory/estimate.ts';
import { expectedMisses } from '../theory/of-arm.ts';
import { costs, courseOf } from './exhibits.ts';
import { measureRestarts } from './protocol.ts';
import {
  FEWEST_LOOKUPS,
  hitRates,
  livesOf,
  missesIn,
  newLives,
  type Restart,
  type Seen,
  unanswered,
} from './restarts.ts';
import { BIN_MILLIS } from './watch.ts';

/** A stretch of the curve has to hold enough lookups to say something about a rate. */
const LEAST_RATE = (2 * FEWEST_LOOKUPS * 1_000) / BIN_MILLIS;

/** A warm fleet under steady traffic: a rolling reload, then a worker killed outright. */
export const restart: Scenario<Seen> = {
  name: 'restart',
  question: 'What does a restart cost when the cache lives in the process?',
  claims: ['C9'],
  seconds: 12,
  defaults: { keys: 60, ratePerSecond: 300 },
  quick: { workers: [2], keys: 40 },
  unused: {
    requests: 'traffic lasts as long as the restart takes.',
    connections: 'connections are as many as the rate needs.',
    routing:
      'each request comes over a fresh connection; autocannon goes on writing on connections that the server has said it closes, and would lose requests by itself.',
  },

  refuse: (options) => [
    severalWorkers(options, 'it also kills a worker, and then there is nobody to answer'),
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
  findings: (arm) => arm.observations.restarts.flatMap((one) => restartFindings(arm, one)),

  sentence(arms) {
    const arm = arms.at(-1)!;
    const [reload, kill] = arm.observations.restarts;
    if (!reload || !kill) return null;
    const rates = hitRates(reload).map(([, rate]) => rate);
    const worst = rates.length === 0 ? null : Math.min(...rates);
    return (
      `A rolling reload of ${counted(arm.workers, 'worker')} lost ${unanswered(reload) === 0 ? 'no request' : counted(unanswered(reload), 'request')} but all ` +
      `${count(reload.entriesBefore)} cached entries: the hit rate fell from ${percent(rates[0])} to ${percent(worst)}, and the database was asked ` +
      `${counted(missesIn(reload), 'time')} more. Killing one worker cost ${counted(missesIn(kill), 'query', 'queries')} and ${counted(unanswered(kill), 'request')} without an answer.`
    );
  },

  exhibits: (arms) =>
    arms.flatMap((arm) => [
      ...arm.observations.restarts.map((one) => courseOf(arm, one)),
      costs(arm),
    ]),
};

/** What one restart cost, held against what theory says. */
function restartFindings(arm: SeenArm<Seen>, one: Restart) {
  const where = `${one.phase}, with ${counted(arm.workers, 'worker')}`;
  const fresh = newLives(arm, one);
  const isReload = one.phase === 'rolling reload';
  return [
    {
      what: `entries that a new process knew without having loaded them, ${where}`,
      unit: 'entries',
      expected: exactly(0, 'the cache was the memory of the process that is gone'),
      measured: fresh.length === 0 ? null : sum(fresh.map(({ knownAtOnce }) => knownAtOnce)),
    },
    {
      what: `misses, ${where}`,
      unit: 'misses',
      expected: expectedMisses(arm, livesOf(arm, one)),
      measured: missesIn(one),
    },
    {
      claim: null,
      what: `requests without an answer, ${where}`,
      unit: 'requests',
      expected: isReload ? exactly(0, 'a worker leaves only when it has answered') : null,
      measured: unanswered(one),
    },
  ];
}
