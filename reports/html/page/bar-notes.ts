import type { Plugin } from 'chart.js';
import type { BarChart, Expected } from '../figure.ts';
import { formatValue } from '../format.ts';
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
      figure.expected?.forEach((expected, index) => {
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
      const text =
        value === null ? (figure.missing ?? 'no traffic') : formatValue(value, figure.y.format);
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

function drawExpected(chart: BarChartInstance, expected: Expected, index: number): void {
  const bar = chart.getDatasetMeta(0).data[index];
  const scale = chart.scales.y;
  if (bar === undefined || scale === undefined) return;
  const { ctx } = chart;
  const x = bar.x + ((bar as unknown as { width: number }).width ?? 20) / 2 + 10;
  ctx.strokeStyle = themeColour('c-ink');
  ctx.fillStyle = themeColour('c-ink');
  ctx.lineWidth = 1.5;
  const y = scale.getPixelForValue(expected.value);
  ctx.beginPath();
  if (expected.low !== null && expected.high !== null) {
    const low = scale.getPixelForValue(expected.low);
    const high = scale.getPixelForValue(expected.high);
    ctx.moveTo(x, low);
    ctx.lineTo(x, high);
    ctx.moveTo(x - 4, low);
    ctx.lineTo(x + 4, low);
    ctx.moveTo(x - 4, high);
    ctx.lineTo(x + 4, high);
  }
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x + 5, y);
  ctx.lineTo(x, y + 5);
  ctx.lineTo(x - 5, y);
  ctx.fill();
}
