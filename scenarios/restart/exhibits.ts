import { count, type Format, formatValue, onAxis } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import type { ColumnOf } from '../../reports/record/table.ts';
import { sum } from '../../reports/record/tally.ts';
import { lines, table } from '../kit/exhibits.ts';
import { popularityShares } from '../theory/popularity.ts';
import {
  caughtUp,
  cost,
  entriesLost,
  firstHitRate,
  hitRates,
  livesOf,
  type Restart,
  type RestartedArm,
  secondsPerPoint,
  unanswered,
} from './restarts.ts';
import { CAUGHT_UP, FIRST_LOOKUPS } from './watch.ts';

/** The hit rate second by second, with the moments of the restart. */
export function courseOf(arm: RestartedArm, one: Restart): Exhibit {
  const rates = hitRates(one, popularityShares(arm.workload));
  return lines({
    id: `restart-${one.phase.replaceAll(' ', '-')}-${arm.workers}-workers`,
    title: `Hit rate around ${one.label} (${arm.name})`,
    caption: `${count(arm.ratePerSecond ?? 0)} requests per second throughout; each point is ${secondsPerPoint(one)} s. Before, every worker held every page. The expected curve follows from the requests that each new process got.`,
    x: { label: 'time', format: 'seconds' },
    y: { label: 'hit rate', format: 'percent' },
    series: [
      {
        name: 'hit rate',
        points: rates.map(({ atSeconds, measured }) => [atSeconds, measured]),
      },
      {
        ...{ name: 'expected', role: 'expected' },
        points: rates.map(({ atSeconds, expected }) => [atSeconds, expected]),
      },
    ],
    events: one.watched.marks.map(({ atMillis, label }) => ({ x: atMillis / 1_000, label })),
  });
}

/** What each restart cost, side by side. */
export function costs(arms: readonly RestartedArm[]): Exhibit {
  const restarts = arms.flatMap((arm) => arm.observations.restarts.map((one) => ({ arm, one })));
  const fleet = ({ name }: RestartedArm) => (arms.length > 1 ? `, ${name}` : '');
  return table(PRICES, {
    id: 'restart-costs',
    title: 'What each restart cost',
    caption: `Counted at the new processes. One has caught up when the pages it holds make up ${onAxis(CAUGHT_UP, 'percent')} of the requests; a dash: not all had caught up when the traffic ended.`,
    columns: [
      ['', ([what]) => what],
      ...restarts.map(({ arm, one }): ColumnOf<Price> => {
        return [`${one.phase}${fleet(arm)}`, ([, format, of]) => formatValue(of(one), format)];
      }),
    ],
  });
}

/** What is told of a restart. */
type Price = readonly [what: string, format: Format, of: (one: Restart) => number | null];

const PRICES: readonly Price[] = [
  ['processes replaced', 'count', (one) => livesOf(one).fresh.length],
  ['pages that they held', 'count', entriesLost],
  ['pages read again', 'count', (one) => sum(livesOf(one).fresh.map((life) => life.pagesRead))],
  ['queries', 'count', cost],
  [`hits of the first ${FIRST_LOOKUPS} requests to each`, 'percent', firstHitRate],
  ['requests to catch up, on average', 'number', (one) => caughtUp([one])?.lookups ?? null],
  ['time to catch up, on average', 'micros', (one) => micros(caughtUp([one])?.millis)],
  ['requests without an answer', 'count', unanswered],
  ['time until all were replaced', 'micros', ({ tookMillis }) => micros(tookMillis)],
];

const micros = (millis: number | undefined) => (millis === undefined ? null : 1_000 * millis);
