import type { RunRecord } from '../../record.ts';
import type { Figure } from '../figure.ts';
import { lookupsOf, missesOf, type RunPart, runParts } from '../run-parts.ts';

/** Fewer worker counts than this make no curve. */
const FEWEST = 3;

/** Hit rate and misses over the number of workers, with theory's curve. */
export function sweepFigures(record: RunRecord): Figure[] {
  const parts = runParts(record).toSorted((a, b) => a.arm.workers - b.arm.workers);
  if (new Set(parts.map((part) => part.arm.workers)).size < FEWEST) return [];
  return [
    curve(parts, {
      id: 'sweep-hit-rate',
      title: 'Hit rate over the number of workers',
      caption: 'The same traffic for every fleet.',
      y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
      measured: ({ phase }) => phase.totals.hitRate,
      expected: 'hitRate',
    }),
    curve(parts, {
      id: 'sweep-misses',
      title: 'Misses over the number of workers',
      caption: 'Every miss is a query to the database.',
      y: { label: 'misses (lookups)', format: 'count' },
      measured: ({ phase }) => missesOf(phase.totals),
      expected: 'misses',
    }),
  ];
}

interface Curve {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly y: { label: string; format: 'percent' | 'count'; max?: number };
  readonly measured: (part: RunPart) => number | null;
  readonly expected: 'hitRate' | 'misses';
}

function curve(parts: readonly RunPart[], wanted: Curve): Figure {
  const { id, title, y, measured } = wanted;
  const estimates = parts.map(({ phase }) => phase.expected?.[wanted.expected] ?? null);
  const known = estimates.some((estimate) => estimate !== null);
  return {
    id,
    title,
    caption: `${wanted.caption}${known ? ' Points are measured; the line is what theory expects for the requests that each worker really got, the band its interval.' : ''}`,
    chart: {
      kind: 'lines',
      x: { label: 'workers (logarithmic)', format: 'count', scale: 'logarithmic' },
      y,
      series: [
        ...(known
          ? [
              {
                name: 'expected by theory',
                points: parts.map(
                  ({ arm }, index) => [arm.workers, estimates[index]?.value ?? null] as const,
                ),
                band: estimates.map(
                  (estimate) => [estimate?.low ?? null, estimate?.high ?? null] as const,
                ),
                colour: 'ink',
                dash: 'dashed' as const,
              },
            ]
          : []),
        {
          name: 'measured',
          points: parts.map((part) => [part.arm.workers, measured(part)]),
          n: parts.map(({ phase }) => lookupsOf(phase.totals)),
          colour: 'accent',
          marked: 'only' as const,
        },
      ],
      events: [],
      ticks: [...new Set(parts.map((part) => part.arm.workers))],
    },
    table: {
      columns: [
        { label: 'workers', format: 'count' },
        { label: 'lookups (n)', format: 'count' },
        { label: 'measured', format: y.format },
        { label: 'expected', format: y.format },
        { label: 'from', format: y.format },
        { label: 'to', format: y.format },
      ],
      rows: parts.map((part, index) => [
        part.arm.workers,
        lookupsOf(part.phase.totals),
        measured(part),
        estimates[index]?.value ?? null,
        estimates[index]?.low ?? null,
        estimates[index]?.high ?? null,
      ]),
    },
  };
}
