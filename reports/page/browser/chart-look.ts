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

/** What all charts share: no animation, since a moving bar is not a measured one. */
export function commonOptions() {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false as const,
    interaction: { mode: 'nearest' as const, axis: 'x' as const, intersect: false },
    layout: { padding: { top: rem(0.6), right: rem(0.4) } },
  };
}

/** A legend below the chart. */
export function legendLook(display: boolean) {
  return {
    display,
    position: 'bottom' as const,
    // Hiding a series by a click would leave a chart that no longer says what its table says.
    onClick: () => {},
    labels: {
      color: themeColour('ink'),
      font: chartFont(0.8),
      boxWidth: rem(1.6),
      boxHeight: rem(0.7),
      padding: rem(0.7),
    },
  };
}

/** A tooltip that says `label` of each point that it is about. */
export function tooltipLook(label: (series: number, index: number) => string) {
  return {
    titleFont: chartFont(0.8),
    bodyFont: chartFont(0.8),
    padding: rem(0.6),
    backgroundColor: themeColour('ink'),
    titleColor: themeColour('paper'),
    bodyColor: themeColour('paper'),
    callbacks: {
      label: (item: { datasetIndex: number; dataIndex: number }) =>
        label(item.datasetIndex, item.dataIndex),
    },
  };
}

/** An axis of values, named with its unit. */
export function valueScale(axis: Axis) {
  return {
    ...scaleLook(axis.label),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    grid: { color: themeColour('line') },
    ticks: {
      ...tickLook(),
      callback: (value: string | number) => tickText(Number(value), axis),
    },
  };
}

/** An axis with its name; no name, no title. */
export function scaleLook(name: string) {
  return {
    title: { display: name !== '', text: name, color: themeColour('quiet'), font: chartFont(0.8) },
    border: { color: themeColour('control') },
  };
}

/** The names along an axis. */
export function tickLook() {
  return {
    color: themeColour('quiet'),
    font: chartFont(0.8),
    maxRotation: 0,
    autoSkipPadding: rem(0.6),
  };
}

/** A line across or upright, with its label on the paper's colour. */
export function annotationLine(
  at: { x: number } | { y: number },
  {
    colour,
    label,
    side,
    lane = 0,
  }: { colour: string; label: string; side: 'start' | 'end'; lane?: number },
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
      position: side,
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
