import type { Plugin } from 'chart.js';
import type { BarChart, Expected } from '../figure.ts';
import { formatValue } from '../format.ts';
import { chartFont } from './chart-look.ts';
import { themeColour } from './theme.ts';

/** Wider charts than this have no room for a number on every bar. */
const MOST_LABELS = 16;

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
      if (!figure.stacked && figure.categories.length * figure.series.length <= MOST_LABELS) {
        drawValues(chart, figure);
      }
      ctx.restore();
    },
  };
}

type BarChartInstance = Parameters<NonNullable<Plugin<'bar'>['afterDatasetsDraw']>>[0];

function drawValues(chart: BarChartInstance, figure: BarChart): void {
  const { ctx } = chart;
  const { size, family } = chartFont(0.8);
  ctx.font = `600 ${size}px ${family}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  figure.series.forEach((series, at) => {
    chart.getDatasetMeta(at).data.forEach((bar, index) => {
      const value = series.values[index] ?? null;
      const text =
        value === null ? (figure.missing ?? 'no traffic') : formatValue(value, figure.y.format);
      const y = value === null ? chart.chartArea.bottom : bar.y;
      const top = y - 4 < chart.chartArea.top + size;
      ctx.fillStyle = themeColour(top ? 'paper' : 'ink');
      ctx.fillText(text, bar.x, top ? y + size + 4 : y - 3);
    });
  });
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
