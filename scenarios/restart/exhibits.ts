import { count, onAxis } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { lines, tableByArm } from '../kit/exhibits.ts';
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
  unanswered,
} from './restarts.ts';
import { CAUGHT_UP, FIRST_LOOKUPS } from './watch.ts';

/** The hit rate second by second, with the moments of the restart. */
export function courseOf(arm: RestartedArm, one: Restart): Exhibit {
  const rates = hitRates(one, popularityShares(arm.workload));
  return lines({
    id: `restart-${one.phase.replaceAll(' ', '-')}-${arm.workers}-workers`,
    title: `Hit rate around ${one.label} (${arm.name})`,
    caption: `${count(arm.ratePerSecond ?? 0)} requests per second throughout; each point is a quarter of a second. Before, every worker held every page. Expected is what new processes that were asked so often have met again.`,
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
  return tableByArm(arms, ({ observations }) => observations.restarts, {
    id: 'restart-costs',
    title: 'What each restart cost',
    caption: `Counted at the processes that took the place of others. One has caught up when the pages that it knows make up ${onAxis(CAUGHT_UP, 'percent')} of the requests; a dash: not all had when the traffic ended.`,
    columns: [
      ['restart', ({ phase }) => phase],
      ['processes replaced', (one) => livesOf(one).fresh.length, 'count'],
      ['pages that they held', entriesLost, 'count'],
      ['pages read again', (one) => sum(livesOf(one).fresh.map((life) => life.pagesRead)), 'count'],
      ['queries', cost, 'count'],
      [`hits of the first ${FIRST_LOOKUPS} requests of each`, firstHitRate, 'percent'],
      ['requests to catch up', (one) => caughtUp([one])?.lookups ?? null, 'count'],
      ['time to catch up', (one) => seconds(caughtUp([one])?.millis), 'seconds'],
      ['requests without an answer', unanswered, 'count'],
      ['took', ({ tookMillis }) => seconds(tookMillis), 'seconds'],
    ],
  });
}

const seconds = (millis: number | undefined) => (millis === undefined ? null : millis / 1_000);
