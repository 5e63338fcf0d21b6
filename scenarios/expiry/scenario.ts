import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import type { Arm, Estimate, Exhibit, Phase } from '../../reports/record/schema.ts';
import { phaseOf } from '../../reports/record/tally.ts';
import { eachFleet } from '../kit/arms.ts';
import type { Scenario } from '../kit/contract.ts';
import { bars, contrast, lines } from '../kit/exhibits.ts';
import { hitRateAbove, hitRateOfPhase } from '../kit/finding.ts';
import {
  aRateThatHolds,
  atLeast,
  everythingFits,
  FRESH_CONNECTIONS,
  randomKeys,
  refuseWhen,
} from '../kit/options.ts';
import { missesPerSecond } from '../theory/estimate.ts';
import { settledEstimate, settledHitRate } from '../theory/of-arm.ts';

/** So many timeouts pass before it is measured: by then entries expire as often as they ever will. */
const SETTLING_TIMEOUTS = 2;
/** And so many while it is measured, at least. */
const LEAST_TIMEOUTS = 4;
/** The expected curve is drawn up to so many workers, or as far as there are arms. */
const CURVE_TO = 16;
/** An arm that kept less of its rate asked the database less often than it would have been asked. */
const KEPT_ENOUGH = 0.9;

/** A fixed rate and a short timeout, for one worker and for N: each refreshes its own copy. */
export const expiry: Scenario = {
  name: 'expiry',
  question: 'Entries expire after TIMEOUT. How many queries per second do N workers send?',
  claims: ['C11', 'C15'],
  seconds: 11,
  originOrders: 8_000,
  defaults: { keys: 50, ratePerSecond: 400, timeoutSeconds: 0.5, requests: 1_200 },
  quick: { workers: [3], timeoutSeconds: 0.3, requests: 600 },
  unused: { ...FRESH_CONNECTIONS },

  refuse(options) {
    const { ratePerSecond, timeoutSeconds } = options;
    const least = Math.ceil(LEAST_TIMEOUTS * (timeoutSeconds ?? 0) * (ratePerSecond ?? 0));
    return [
      aRateThatHolds(options),
      refuseWhen(timeoutSeconds === null, 'timeoutSeconds', 'nothing would expire'),
      atLeast(options, 'requests', least, `it takes ${LEAST_TIMEOUTS} timeouts or more`),
      everythingFits(options),
      randomKeys(options),
    ];
  },

  arms: (options) => eachFleet(options, { routing: 'fresh' }),

  async measure(lab) {
    const { ratePerSecond, timeoutSeconds, requests } = lab.plan;
    const settling = Math.ceil(SETTLING_TIMEOUTS * timeoutSeconds! * ratePerSecond!);
    await lab.phase('settling', (phase) => phase.traffic({ requests: settling }));
    await lab.phase('steady', (phase) => phase.traffic({ requests }));
    return {};
  },

  findings(arm) {
    const steady = steadyOf(arm);
    const { expected, totals } = steady;
    const inArm = `with ${counted(arm.workers, 'worker')}`;
    const formula = formulaOf(arm);
    const isEven = formula && expected && isWithin(formula, expected.hitRate.value);
    return [
      hitRateOfPhase(steady, `hit rate, ${inArm}`),
      {
        what: `queries per second that reach the database, ${inArm}`,
        unit: 'queries/s',
        expected: expected && missesPerSecond(expected.hitRate, requestsPerSecond(steady)),
        measured: queriesPerSecond(steady),
      },
      // The formula speaks of an even flow. A machine that is too busy lets requests come in heaps;
      // then what the model gives at the measured times lies elsewhere, whatever was measured, and
      // the formula does not judge.
      {
        what: isEven
          ? `hit rate against the formula for an even flow, ${inArm}`
          : `hit rate, as requests came too unevenly for the formula, ${inArm}`,
        unit: 'share',
        expected: isEven ? formula : null,
        measured: totals.hitRate,
      },
    ];
  },

  comparisons([one, ...others]) {
    return others.map((arm) => {
      const what = `hit rate of one worker above that of ${counted(arm.workers, 'worker')}`;
      return { ...hitRateAbove(steadyOf(one!), steadyOf(arm), what), claim: 'C15' };
    });
  },

  sentence(arms) {
    const [one, many] = [arms[0]!, arms.at(-1)!];
    const [before, after] = [steadyOf(one), steadyOf(many)];
    const queries = queriesPerSecond(before);
    if (many === one)
      return `One worker sent the database ${count(queries)} queries per second; give --workers 4 to compare.`;
    return (
      `At ${count(many.ratePerSecond ?? 0)} requests per second and a timeout of ${many.cache.timeoutSeconds} s, one worker sent the database ` +
      `${count(queries)} queries per second and ${many.workers} workers ${count(queriesPerSecond(after))} (${inWords(queriesPerSecond(after) / queries, 'times')}); ` +
      `the hit rate went from ${percent(before.totals.hitRate)} to ${percent(after.totals.hitRate)}, and stays there.${slowness(arms)}`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      ['hit rate', (arm) => steadyOf(arm).totals.hitRate, 'percent'],
      ['database queries per second', (arm) => queriesPerSecond(steadyOf(arm))],
    ]),

  exhibits: (arms) => [
    bars(arms, {
      id: 'queries-per-second',
      title: 'Queries per second that reach the database',
      caption:
        'Every worker’s own copy expires, and the worker reads it again. A key that all workers need all the time costs N times as much, a rare one hardly more.',
      y: { label: 'queries per second', format: 'number' },
      series: [
        { name: 'measured', of: (arm) => queriesPerSecond(steadyOf(arm)) },
        {
          name: 'expected',
          role: 'expected',
          of(arm) {
            const formula = formulaOf(arm);
            return formula && missesPerSecond(formula, requestsPerSecond(steadyOf(arm))).value;
          },
        },
      ],
    }),
    overWorkers(arms),
  ],
};

type Measured = Pick<Arm, 'name' | 'workers' | 'cache' | 'workload' | 'phases' | 'ratePerSecond'>;

/** The phase that counts. */
const steadyOf = (arm: Measured) => phaseOf(arm, 'steady')!;
const seconds = ({ durationMillis }: Phase) => durationMillis / 1_000;
const queriesPerSecond = (phase: Phase) => phase.totals.originQueries / seconds(phase);
const requestsPerSecond = (phase: Phase) => phase.totals.requests / seconds(phase);

/** What the formula gives at the rates that the workers really got. */
function formulaOf(arm: Measured): Estimate | null {
  const steady = steadyOf(arm);
  const rates = steady.workers.map(({ requests }) => requests / seconds(steady));
  return steady.expected && settledEstimate(arm, rates, steady.expected.hitRate);
}

const isWithin = ({ low, high }: Estimate, value: number) => value >= low && value <= high;

function slowness(arms: readonly Measured[]): string {
  const slow = arms.filter(
    (arm) => (steadyOf(arm).requestsPerSecond ?? 0) < KEPT_ENOUGH * (arm.ratePerSecond ?? 0),
  );
  if (slow.length === 0) return '';
  return ` This machine did not keep up the rate with ${slow.map(({ name }) => name).join(' and ')}; reduce --rate to compare the arms.`;
}

/** The formula over the number of workers, requests spread evenly, and what was measured. */
function overWorkers(arms: readonly Measured[]): Exhibit {
  const one = arms[0]!;
  const rate = one.ratePerSecond ?? 0;
  const most = Math.max(CURVE_TO, ...arms.map(({ workers }) => workers));
  const even = (workers: number) => new Array<number>(workers).fill(rate / workers);
  return lines({
    id: 'hit-rate-over-workers',
    title: 'Hit rate over the number of workers',
    caption: `At ${count(rate)} requests per second in all and a timeout of ${one.cache.timeoutSeconds} s. This loss does not fade as caches warm up.`,
    x: { label: 'workers', format: 'count' },
    y: { label: 'hit rate', format: 'percent' },
    series: [
      {
        name: 'expected, requests spread evenly',
        role: 'expected',
        points: Array.from({ length: most }, (_, i) => [i + 1, settledHitRate(one, even(i + 1))]),
      },
      {
        name: 'measured',
        points: arms.map((arm) => [arm.workers, steadyOf(arm).totals.hitRate]),
      },
    ],
  });
}
