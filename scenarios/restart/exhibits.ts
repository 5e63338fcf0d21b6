import type { Arm, Exhibit } from '../../reports/record/schema.ts';
import { count } from '../kit/finding.ts';
import { hitRates, lifeBefore, type Restart, restartsOf, sum } from './restarts.ts';

/** The hit rate second by second, with the moments of the restart. */
export function course(arm: Arm, one: Restart): Exhibit {
  return {
    kind: 'lines',
    id: `restart-${one.phase.replaceAll(' ', '-')}-${arm.workers}-workers`,
    title: `Hit rate around ${one.label} (${arm.name})`,
    caption: `${count(arm.ratePerSecond ?? 0)} requests per second throughout. What a process had cached went with it, and its replacement reads everything again.`,
    x: { label: 'time', unit: 's' },
    y: { label: 'hit rate', unit: '%' },
    series: [
      {
        name: 'hit rate',
        role: 'measured',
        points: hitRates(one).map(([seconds, rate]) => [seconds, 100 * rate]),
      },
    ],
    events: one.watched.marks.map(({ atMillis, label }) => ({ x: atMillis / 1_000, label })),
  };
}

/** What each restart cost, side by side. */
export function table(arm: Arm): Exhibit {
  return {
    kind: 'table',
    id: `restart-cost-${arm.workers}-workers`,
    title: `What each restart cost (${arm.name})`,
    caption: 'Misses are those of the whole stretch that the curve shows.',
    columns: [
      'restart',
      'entries held before',
      'processes replaced',
      'misses',
      'requests sent',
      'without an answer',
      'took, s',
    ],
    rows: restartsOf(arm).map((one) => [
      one.phase,
      one.entriesBefore,
      one.watched.lives.filter((life) => !lifeBefore(arm, one, life.pid)).length,
      sum(one.watched.lives.map((life) => life.misses)),
      one.sent,
      one.sent - one.answered,
      Number((one.tookMillis / 1_000).toFixed(1)),
    ]),
  };
}
