import { count } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import type { SeenArm } from '../kit/contract.ts';
import { lines, table } from '../kit/exhibits.ts';
import { hitRates, missesIn, newLives, type Restart, type Seen, unanswered } from './restarts.ts';

/** The hit rate second by second, with the moments of the restart. */
export function courseOf(arm: SeenArm<Seen>, one: Restart): Exhibit {
  return lines({
    id: `restart-${one.phase.replaceAll(' ', '-')}-${arm.workers}-workers`,
    title: `Hit rate around ${one.label} (${arm.name})`,
    caption: `${count(arm.ratePerSecond ?? 0)} requests per second throughout. What a process had cached went with it, and its replacement reads everything again.`,
    x: { label: 'time', format: 'seconds' },
    y: { label: 'hit rate', format: 'percent' },
    series: [{ name: 'hit rate', points: hitRates(one) }],
    events: one.watched.marks.map(({ atMillis, label }) => ({ x: atMillis / 1_000, label })),
  });
}

/** What each restart cost, side by side. */
export function costs(arm: SeenArm<Seen>): Exhibit {
  return table(arm.observations.restarts, {
    id: `restart-cost-${arm.workers}-workers`,
    title: `What each restart cost (${arm.name})`,
    caption: 'Misses are those of the whole stretch that the curve shows.',
    columns: [
      ['restart', ({ phase }) => phase],
      ['entries held before', ({ entriesBefore }) => entriesBefore, 'count'],
      ['processes replaced', (one) => newLives(arm, one).length, 'count'],
      ['misses', missesIn, 'count'],
      ['requests sent', ({ sent }) => sent, 'count'],
      ['without an answer', unanswered, 'count'],
      ['took', ({ tookMillis }) => tookMillis / 1_000, 'seconds'],
    ],
  });
}
