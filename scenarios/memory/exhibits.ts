import type { Arm, Exhibit } from '../../reports/record/schema.ts';
import { heapGrowth, mebibytes, sum, weighedOf } from './judgement.ts';

/** Content, heaps and resident memory of each fleet. */
export function bars(arms: readonly Arm[]): Exhibit {
  const values = (of: (arm: Arm) => number) =>
    arms.map((arm) => Number(mebibytes(of(arm)).toFixed(1)));
  return {
    kind: 'bars',
    id: 'memory-by-fleet',
    title: 'What the same content takes',
    caption:
      'Every worker keeps a copy of its own. Resident memory also holds the program itself, once for each process.',
    categories: arms.map(({ name }) => name),
    y: { label: 'memory', unit: 'MiB' },
    series: [
      {
        name: 'different content',
        role: 'expected',
        values: values((arm) => weighedOf(arm)[0]?.after.contentBytes ?? 0),
      },
      { name: 'growth of all heaps', role: 'measured', values: values(heapGrowth) },
      {
        name: 'growth of resident memory',
        role: 'measured',
        values: values((arm) =>
          sum(weighedOf(arm).map(({ before, after }) => after.rssBytes - before.rssBytes)),
        ),
      },
    ],
  };
}

/** Entries and memory of each worker. */
export function table(arms: readonly Arm[]): Exhibit {
  const shown = (bytes: number) => Number(mebibytes(bytes).toFixed(1));
  return {
    kind: 'table',
    id: 'memory-by-worker',
    title: 'Entries and memory of each worker',
    caption:
      'Measured by each worker itself, after collecting garbage, before and after it was filled.',
    columns: [
      'fleet',
      'worker',
      'documents',
      'content, MiB',
      'heap before, MiB',
      'heap after, MiB',
      'resident after, MiB',
    ],
    rows: arms.flatMap((arm) =>
      weighedOf(arm).map(({ slot, before, after }) => [
        arm.name,
        slot,
        after.entries,
        shown(after.contentBytes),
        shown(before.heapUsedBytes),
        shown(after.heapUsedBytes),
        shown(after.rssBytes),
      ]),
    ),
  };
}
