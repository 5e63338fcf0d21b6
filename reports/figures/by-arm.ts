import { authorityOf } from '../record/distance.ts';
import { intervalInWords } from '../record/estimate.ts';
import { expectedColumns, measureColumns } from '../record/measure-columns.ts';
import { expectedOf, MEASURES, measuredOf } from '../record/measures.ts';
import { type ColumnOf, tableOf } from '../record/table.ts';
import type { BarSeries, Figure } from './figure.ts';
import { axisOf, countsOf, expectedMarks, measuredBars } from './measured-bars.ts';
import type { PartGroup, RunPart } from './run-parts.ts';

const { lookups, hits, misses, hitRate, cold, expired, evicted } = MEASURES;
const { requests, originQueries, avoidableMisses, sharedCacheMisses } = MEASURES;

const ARM: ColumnOf<RunPart> = ['arm', ({ label }) => label];

/** The arms side by side, each with what theory expects for it. */
export function hitRateByArm({ suffix, parts }: PartGroup): Figure {
  const estimates = parts.map((part) => expectedOf(hitRate, part));
  const intervals = new Set(estimates.flatMap((one) => (one ? intervalInWords(one.interval) : [])));
  return {
    id: `hit-rate-by-arm${suffix.id}`,
    title: `Hit rate of each fleet${suffix.title}`,
    caption:
      'Hits of all workers together, divided by lookups of all workers together; not a mean of the workers’ rates.' +
      (intervals.size > 0
        ? ` The mark is what ${authorityOf(estimates)} expects, its ends the interval: ${[...intervals].join('; ')}.`
        : ''),
    chart: {
      ...measuredBars(parts, hitRate, { ...arms(parts), colour: 'accent' }),
      ...expectedMarks(parts, hitRate),
      n: countsOf(parts, lookups),
    },
    table: tableOf(parts, [
      ARM,
      ...measureColumns([lookups, hits, misses, hitRate]),
      ...expectedColumns(hitRate),
    ]),
  };
}

/** What the database had to do, arm by arm. */
export function originFigure({ suffix, parts }: PartGroup): Figure {
  const marks = expectedMarks(parts, misses);
  return {
    id: `origin-queries${suffix.id}`,
    title: `Queries that reached the database${suffix.title}`,
    caption:
      'Every request that no cache could answer went to the database.' +
      (marks.expected
        ? ` The mark is the number of misses that ${authorityOf(marks.expected.values)} expects, with its interval.`
        : ''),
    chart: {
      ...measuredBars(parts, originQueries, { ...arms(parts), colour: 'origin' }),
      ...marks,
      n: countsOf(parts, requests),
    },
    table: tableOf(parts, [
      ARM,
      ...measureColumns([requests, originQueries, misses]),
      ...expectedColumns(misses),
    ]),
  };
}

/** Why lookups missed, and how many misses another worker could have answered. */
export function missesFigure({ suffix, parts }: PartGroup): Figure {
  const avoidable = parts.map((part) => measuredOf(avoidableMisses, part));
  const known = avoidable.some((count) => count !== null);
  return {
    id: `misses${suffix.id}`,
    title: `Why lookups missed${suffix.title}`,
    caption:
      'Cold: this worker never held the entry. Expired: it held it too long. Evicted: it had to make room.' +
      (known
        ? ' The bar beside it counts the same misses again: hatched ones were avoidable, because another worker held the entry at that moment.'
        : ' How many were avoidable is unknown: the run was not replayed.'),
    chart: {
      ...{ kind: 'bars', ...arms(parts), y: axisOf(misses), stacked: true },
      series: [...reasons(parts), ...(known ? holders(parts, avoidable) : [])],
      missing: 'not known',
      n: countsOf(parts, misses),
    },
    table: tableOf(parts, [
      ARM,
      ...measureColumns([misses, cold, expired, evicted, avoidableMisses, sharedCacheMisses]),
    ]),
  };
}

function reasons(parts: readonly RunPart[]): BarSeries[] {
  return (['cold', 'expired', 'evicted'] as const).map((reason, index) => ({
    name: reason,
    values: parts.map((part) => measuredOf(MEASURES[reason], part)),
    colour: reason,
    stack: 'reason',
    ...[{}, { pattern: 'dotted' as const }, { pattern: 'crossed' as const }][index],
  }));
}

function holders(parts: readonly RunPart[], avoidable: readonly (number | null)[]): BarSeries[] {
  const needed = parts.map((part, index) => {
    const others = avoidable[index]!;
    return others === null ? null : measuredOf(misses, part)! - others;
  });
  return [
    { name: 'held by no worker', values: needed, colour: 'muted', stack: 'held' },
    {
      name: 'avoidable: another worker held it',
      values: avoidable,
      colour: 'accent',
      pattern: 'hatched',
      stack: 'held',
    },
  ];
}

function arms(parts: readonly RunPart[]) {
  return { x: 'arm', categories: parts.map(({ label }) => label) };
}
