import type { Arm, Exhibit, Phase } from '../../reports/record/schema.ts';
import { count } from '../kit/finding.ts';
import { settledHitRate } from '../theory/timeout-rates.ts';
import { expectedHitRate, queriesOf, queriesPerSecond, seconds, steadyOf } from './judgement.ts';

/** The expected curve is drawn up to so many workers, or as far as there are arms. */
const CURVE_TO = 16;

/** Queries per second, arm by arm. */
export function queryBars(arms: readonly Arm[]): Exhibit {
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
export function curve(arms: readonly Arm[]): Exhibit {
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

const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(1)));
