import { expectedOf, type Measure, measuredOf, type Part } from './measures.ts';
import { type ColumnOf, NO_TRAFFIC } from './table.ts';

/** A column for each measure; a rate that has nothing behind it is told in words. */
export function measureColumns(measures: readonly Measure[]): ColumnOf<Part>[] {
  return measures.map((measure) => [
    measure.label,
    (part) => measuredOf(measure, part) ?? (measure.format === 'percent' ? NO_TRAFFIC : null),
    measure.format,
  ]);
}

/** Theory's value of a measure, and the ends of its interval. */
export function expectedColumns(measure: Measure): ColumnOf<Part>[] {
  const end = (label: string, of: 'value' | 'low' | 'high'): ColumnOf<Part> => [
    label,
    (part) => expectedOf(measure, part)?.[of] ?? null,
    measure.format,
  ];
  return [end(`expected ${measure.label}`, 'value'), end('from', 'low'), end('to', 'high')];
}
