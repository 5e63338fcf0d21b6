import { Chart } from 'chart.js';
import type { Axis } from '../../figures/figure.ts';
import { onAxis } from '../../record/format.ts';
import { themeColour } from './theme.ts';

/** Charts scale with the page's own type. */
export function rem(size: number): number {
  return size * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** The page's own font, `size` in rem. */
export function chartFont(size: number) {
  return { size: rem(size), family: getComputedStyle(document.body).fontFamily };
}

/**
 * Sets what all charts share, in the page's own font and in the colours of its theme: before they
 * are drawn, and again when the theme has changed. Nothing moves, since a moving bar is not a
 * measured one.
 */
export function setChartLook(): void {
  const { defaults } = Chart;
  defaults.set({
    ...{ animation: false, maintainAspectRatio: false, color: themeColour('ink') },
    font: chartFont(0.8),
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    layout: { padding: { top: rem(0.6), right: rem(0.4) } },
  });
  defaults.set('scale', {
    title: { color: themeColour('quiet') },
    border: { color: themeColour('control') },
    grid: { color: themeColour('line') },
    ticks: { color: themeColour('quiet'), maxRotation: 0, autoSkipPadding: rem(0.6) },
  });
  defaults.set('plugins.legend', {
    position: 'bottom',
    // Hiding a series by a click would leave a chart that no longer says what its table says.
    onClick: () => {},
    labels: { boxWidth: rem(1.6), boxHeight: rem(0.7), padding: rem(0.7) },
  });
  defaults.set('plugins.tooltip', {
    padding: rem(0.6),
    backgroundColor: themeColour('ink'),
    titleColor: themeColour('paper'),
    bodyColor: themeColour('paper'),
  });
}

/** An axis of values, named with its unit. */
export function valueScale(axis: Axis) {
  return {
    title: scaleTitle(axis.label),
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    ticks: { callback: (value: string | number) => tickText(Number(value), axis) },
  };
}

/** The name of an axis; no name, no title. */
export function scaleTitle(text: string) {
  return { display: text !== '', text };
}

/** A line across or upright; its label, if it has one, stands above the line's start on the paper's colour. */
export function annotationLine(
  at: { x: number } | { y: number },
  { colour = 'ink', label = '', lane = 0 } = {},
) {
  return {
    type: 'line' as const,
    ...('x' in at ? { xMin: at.x, xMax: at.x } : { yMin: at.y, yMax: at.y }),
    borderColor: themeColour(colour),
    borderWidth: 1.5,
    borderDash: [6, 4],
    label: {
      display: label !== '',
      content: label,
      position: 'start' as const,
      yAdjust: -lane * rem(1.2),
      backgroundColor: themeColour('paper'),
      color: themeColour('ink'),
      font: chartFont(0.75),
      padding: rem(0.2),
    },
  };
}

function tickText(value: number, axis: Axis): string | null {
  if (axis.scale === 'logarithmic' && axis.format === 'micros') {
    // 100 µs, 1 ms, 10 ms and thirds between; all nine of each decade would not fit.
    const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    if (Math.abs(digit - 1) > 0.01 && Math.abs(digit - 3) > 0.01) return null;
  }
  if (axis.format === 'count' && !Number.isInteger(value)) return null;
  return onAxis(value, axis.format);
}
