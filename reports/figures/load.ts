import type { RunRecord } from '../record/schema.ts';
import { estimateColumns, type Figure, tableOf, workerColour } from './figure.ts';
import { missesOf, type PartGroup, partsByWorker, type RunPart, workerNames } from './run-parts.ts';

/** What the database had to do, arm by arm. */
export function originFigure({ suffix, parts }: PartGroup): Figure {
  const expected = parts.map(({ phase }) => phase.expected?.misses ?? null);
  const known = expected.some((estimate) => estimate !== null);
  return {
    id: `origin-queries${suffix.id}`,
    title: `Queries that reached the database${suffix.title}`,
    caption:
      'What no cache could answer, the database was asked for.' +
      (known ? ' The mark is the number of misses that theory expects, with its interval.' : ''),
    chart: {
      kind: 'bars',
      x: 'arm',
      categories: parts.map((part) => part.label),
      y: { label: 'origin queries', format: 'count' },
      series: [
        {
          name: 'origin queries',
          values: parts.map(({ phase }) => phase.totals.originQueries),
          colour: 'origin',
        },
      ],
      ...(known ? { expected, expectedLabel: 'misses expected by theory' } : {}),
      n: parts.map(({ phase }) => phase.totals.requests),
      nOf: 'requests',
    },
    table: tableOf(parts, [
      ['arm', ({ label }) => label],
      ['requests (n)', ({ phase }) => phase.totals.requests, 'count'],
      ['origin queries', ({ phase }) => phase.totals.originQueries, 'count'],
      ['misses', ({ phase }) => missesOf(phase.totals), 'count'],
      ...estimateColumns(
        'misses expected',
        ({ phase }: RunPart) => phase.expected?.misses,
        'count',
      ),
    ]),
  };
}

/** How the traffic fell on the workers: a worker's hit rate means little without it. */
export function loadFigures(record: RunRecord): Figure[] {
  return partsByWorker(record).flatMap(({ label, arm, phase }, index) =>
    (
      [
        ['requests', 'Requests', 'requests answered'],
        ['connections', 'Connections', 'connections accepted'],
      ] as const
    )
      // Where every request came over a connection of its own, none was kept to count.
      .filter(([field]) => phase.workers.some((worker) => worker[field] > 0))
      .map(
        ([field, noun, axis]): Figure => ({
          arm,
          id: `${field}-by-worker-${index + 1}`,
          title: `${noun} of each worker, ${label}`,
          caption:
            field === 'requests'
              ? 'A worker answers whatever comes over its connections.'
              : 'node:cluster and its like hand out connections, not requests: with keep-alive a connection stays where it is.',
          chart: {
            kind: 'bars',
            x: 'worker',
            categories: workerNames(phase),
            y: { label: axis, format: 'count' },
            series: [
              {
                name: axis,
                values: phase.workers.map((worker) => worker[field]),
                colour: 'accent',
                colours: phase.workers.map((worker) => workerColour(worker.slot)),
              },
            ],
          },
          table: tableOf(phase.workers, [
            ['worker', ({ slot }) => `worker ${slot}`],
            [axis, (worker) => worker[field], 'count'],
          ]),
        }),
      ),
  );
}
