import { authorityOf } from '../record/distance.ts';
import { expectedOf, type Measure, measuredOf, type Part } from '../record/measures.ts';
import { NO_TRAFFIC } from '../record/table.ts';
import type { Axis, BarChart } from './figure.ts';

/** Bars of a measure, one for each part. */
export function measuredBars(
  parts: readonly Part[],
  measure: Measure,
  look: Pick<BarChart, 'x' | 'categories'> & Omit<BarChart['series'][number], 'name' | 'values'>,
): BarChart {
  const { x, categories, ...series } = look;
  const values = parts.map((part) => measuredOf(measure, part));
  return {
    kind: 'bars',
    x,
    categories,
    y: axisOf(measure),
    series: [{ name: measure.label, values, ...series }],
    missing: NO_TRAFFIC,
  };
}

/** An axis of a measure; shares are drawn against the whole. */
export function axisOf({ axis, label, format }: Measure): Axis {
  return { label: axis ?? label, format, ...(format === 'percent' && { max: 1 }) };
}

/** Theory's marks on the bars of these parts; nothing where it does not speak of any. */
export function expectedMarks(
  parts: readonly Part[],
  measure: Measure,
): Pick<BarChart, 'expected'> {
  const values = parts.map((part) => expectedOf(measure, part));
  const known = values.some((estimate) => estimate !== null);
  const label = `${measure.label} expected by ${authorityOf(values)}`;
  return known ? { expected: { label, values } } : {};
}

/** How much of a measure stands behind each bar. */
export function countsOf(parts: readonly Part[], measure: Measure): Required<BarChart>['n'] {
  return { of: measure.label, values: parts.map((part) => measuredOf(measure, part)) };
}
