import { settledHitRate } from '../../lab/analysis/timeout-rates.ts';
import type { Arm, Estimate, Exhibit, Finding, Phase } from '../../reports/record.ts';
import { planArm, type Scenario } from '../scenario.ts';
import { conclude, count, counted, finding, percent } from '../verdict.ts';

/** So many timeouts pass before it is measured: by then entries expire as often as they ever will. */
const SETTLING_TIMEOUTS = 2;
/** The expected curve is drawn up to so many workers, or as far as there are arms. */
const CURVE_TO = 16;

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

function findings(arm: Arm): Finding[] {
  const steady = steadyOf(arm);
  if (!steady) return [];
  const expected = expectedHitRate(arm, steady);
  const perSecond = steady.totals.requests / seconds(steady);
  const inArm = `with ${counted(arm.workers, 'worker')}`;
  return [
    finding({
      claim: 'C11',
      what: `hit rate, ${inArm}`,
      unit: 'share',
      expected,
      measured: steady.totals.hitRate,
    }),
    finding({
      claim: 'C11',
      what: `queries per second that reach the database, ${inArm}`,
      unit: 'queries/s',
      expected: expected && queriesOf(expected, perSecond),
      measured: queriesPerSecond(steady),
    }),
  ];
}

/** The formula's value at the rates that the workers really got; how far one run scatters is simulated. */
function expectedHitRate(arm: Arm, steady: Phase): Estimate | null {
  const simulated = steady.expected?.hitRate;
  if (!simulated || simulated.low === null || simulated.high === null) return null;
  const rates = steady.workers.map(({ requests }) => requests / seconds(steady));
  const value = settledHitRate(arm, rates);
  return {
    ...simulated,
    value,
    low: Math.max(0, value - (simulated.value - simulated.low)),
    high: Math.min(1, value + (simulated.high - simulated.value)),
    source:
      'Σ p·x/(1 + x), x = λ·p·T (Jung, Berger, Balakrishnan); the scatter of a run is simulated',
  };
}

function queriesOf({ value, low, high, ...rest }: Estimate, perSecond: number): Estimate {
  const misses = (rate: number) => perSecond * (1 - rate);
  return {
    ...rest,
    value: misses(value),
    low: high === null ? null : misses(high),
    high: low === null ? null : misses(low),
  };
}

function sentence(arms: readonly Arm[]): string {
  const [one, many] = [arms[0], arms.at(-1)];
  const [before, after] = [one && steadyOf(one), many && steadyOf(many)];
  if (!one || !before) return 'Nothing was measured.';
  const queries = queriesPerSecond(before);
  if (!many || !after || many === one)
    return `One worker asked the database ${queries.toFixed(0)} times a second; give --workers 4 to see what more of them do.`;
  const times = queriesPerSecond(after) / queries;
  return (
    `At ${count(many.ratePerSecond ?? 0)} requests per second and a timeout of ${many.cache.timeoutSeconds} s, one worker asked the database ` +
    `${queries.toFixed(0)} times a second and ${many.workers} workers ${queriesPerSecond(after).toFixed(0)} times (${times.toFixed(1)} ×); ` +
    `the hit rate went from ${percent(before.totals.hitRate)} to ${percent(after.totals.hitRate)}, and it stays there.${slowness(arms)}`
  );
}

/** A machine that cannot hold the rate asks the database less often than it would be asked. */
function slowness(arms: readonly Arm[]): string {
  const slow = arms.filter(
    (arm) => (steadyOf(arm)?.requestsPerSecond ?? 0) < 0.9 * (arm.ratePerSecond ?? 0),
  );
  if (slow.length === 0) return '';
  return ` This machine did not hold the rate with ${slow.map(({ name }) => name).join(' and ')}; a lower --rate makes the arms comparable.`;
}

function queryBars(arms: readonly Arm[]): Exhibit {
  return {
    kind: 'bars',
    id: 'queries-per-second',
    title: 'Queries per second that reach the database',
    caption:
      'Every worker lets its own copy expire and reads it again. A key that all workers need all the time costs N times as much, a rare one hardly more than before.',
    categories: arms.map(({ name }) => name),
    y: { label: 'queries', unit: '1/s' },
    series: [
      {
        name: 'measured',
        role: 'measured',
        values: arms.map((arm) => rounded(measuredOf(arm, queriesPerSecond))),
      },
      {
        name: 'expected',
        role: 'expected',
        values: arms.map((arm) =>
          rounded(
            measuredOf(arm, (steady) => {
              const expected = expectedHitRate(arm, steady);
              return (
                expected && queriesOf(expected, steady.totals.requests / seconds(steady)).value
              );
            }),
          ),
        ),
      },
    ],
  };
}

/** The formula over the number of workers, requests spread evenly, and what was measured. */
function curve(arms: readonly Arm[]): Exhibit {
  const one = arms[0]!;
  const rate = one.ratePerSecond ?? 0;
  const most = Math.max(CURVE_TO, ...arms.map(({ workers }) => workers));
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  const even = (workers: number) => new Array<number>(workers).fill(rate / workers);
  return {
    kind: 'lines',
    id: 'hit-rate-over-workers',
    title: 'Hit rate over the number of workers',
    caption: `At ${count(rate)} requests per second in all and a timeout of ${one.cache.timeoutSeconds} s. This loss does not fade as caches warm up.`,
    x: { label: 'workers', unit: '' },
    y: { label: 'hit rate', unit: '%' },
    series: [
      {
        name: 'expected, requests spread evenly',
        role: 'expected',
        points: counts.map((workers) => [workers, 100 * settledHitRate(one, even(workers))]),
      },
      {
        name: 'measured',
        role: 'measured',
        points: arms.map((arm) => {
          const hitRate = measuredOf(arm, ({ totals }) => totals.hitRate);
          return [arm.workers, hitRate === null ? null : 100 * hitRate];
        }),
      },
    ],
    events: [],
  };
}

function measuredOf(arm: Arm, of: (steady: Phase) => number | null): number | null {
  const steady = steadyOf(arm);
  return steady ? of(steady) : null;
}

const steadyOf = ({ phases }: Arm) => phases.find(({ name }) => name === 'steady');
const seconds = ({ durationMillis }: Phase) => durationMillis / 1_000;
const queriesPerSecond = (phase: Phase) => phase.totals.originQueries / seconds(phase);
const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(1)));
