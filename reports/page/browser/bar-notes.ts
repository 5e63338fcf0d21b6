import type { Plugin } from 'chart.js';
import type { BarChart, Expected } from '../../figures/figure.ts';
import { cellText } from '../../record/table.ts';
import { chartFont } from './chart-look.ts';
import { themeColour } from './theme.ts';

/**
 * What Chart.js leaves out and a bar needs: its value in figures, "no traffic" where there is no
 * value, and theory's value with its interval.
 */
export function barNotes(figure: BarChart): Plugin<'bar'> {
  return {
    id: 'bar-notes',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      figure.expected?.values.forEach((expected, index) => {
        if (expected !== null) drawExpected(chart, expected, index);
      });
      if (!figure.stacked) drawValues(chart, figure);
      ctx.restore();
    },
  };
}

type BarChartInstance = Parameters<NonNullable<Plugin<'bar'>['afterDatasetsDraw']>>[0];

/** A number on every bar, or on none when they would run into each other. */
function drawValues(chart: BarChartInstance, figure: BarChart): void {
  const { ctx } = chart;
  const { size, family } = chartFont(0.8);
  ctx.font = `600 ${size}px ${family}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  const labels = figure.series.flatMap((series, at) =>
    chart.getDatasetMeta(at).data.map((bar, index) => {
      const value = series.values[index] ?? null;
      const text = cellText(value ?? figure.missing, figure.y);
      return { text, x: bar.x, y: value === null ? chart.chartArea.bottom : bar.y };
    }),
  );
  const room = (chart.chartArea.width / labels.length) * 0.98;
  if (labels.some(({ text }) => ctx.measureText(text).width > room)) return;
  for (const { text, x, y } of labels) {
    // A bar that reaches the upper edge has its number inside.
    const inside = y - 4 < chart.chartArea.top + size;
    ctx.fillStyle = themeColour(inside ? 'paper' : 'ink');
    ctx.fillText(text, x, inside ? y + size + 4 : y - 3);
  }
}

/** Beside its bar where there is room for it; on the bar where bars stand close, edged to be seen. */
function drawExpected(chart: BarChartInstance, expected: Expected, index: number): void {
  const bars = chart.getDatasetMeta(0).data;
  const bar = bars[index] as unknown as { x: number; width: number } | undefined;
  const scale = chart.scales.y;
  if (bar === undefined || scale === undefined) return;
  const { ctx } = chart;
  const gap = chart.chartArea.width / bars.length - bar.width;
  const x = gap < ROOM_FOR_MARK ? bar.x : bar.x + bar.width / 2 + ROOM_FOR_MARK / 2;
  const [y, low, high] = [expected.value, expected.low, expected.high].map((value) =>
    scale.getPixelForValue(value),
  ) as [number, number, number];
  const interval = new Path2D(`M${x} ${low}V${high}M${x - 4} ${low}h8M${x - 4} ${high}h8`);
  const diamond = new Path2D(`M${x} ${y - 5}l5 5l-5 5l-5-5z`);
  for (const [colour, width] of [
    ['paper', 4.5],
    ['c-ink', 1.5],
  ] as const) {
    ctx.strokeStyle = themeColour(colour);
    ctx.lineWidth = width;
    ctx.stroke(interval);
    ctx.stroke(diamond);
  }
  ctx.fillStyle = themeColour('c-ink');
  ctx.fill(diamond);
}

/** Between two bars, in pixels. */
const ROOM_FOR_MARK = 20;
