import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { LineChart, LineSeries } from '../../figures/figure.ts';
import { formatValue } from '../../record/format.ts';
import { annotationLine, rem, valueScale } from './chart-look.ts';
import { themeColour } from './theme.ts';

/** Each dash as a canvas and an SVG line take it. */
export const DASHES = { solid: [], dashed: [7, 4], dotted: [2, 3], 'dash-dot': [8, 3, 2, 3] };

/** Straight lines from point to point, never smoothed; bands where a range is known. */
export function lineConfiguration(figure: LineChart): ChartConfiguration {
  // Lines first, bands after them: a data set's index is its series' index.
  const datasets = [
    ...figure.series.map(lineDataset),
    ...figure.series.flatMap((series) => (series.band ? bandDatasets(series) : [])),
  ];
  return {
    type: 'line',
    data: { datasets },
    options: {
      scales: {
        x: {
          ...valueScale(figure.x),
          type: figure.x.scale ?? 'linear',
          ...(figure.ticks ? fixedTicks(figure.ticks) : {}),
        },
        y: { ...valueScale(figure.y), beginAtZero: true },
      },
      plugins: {
        legend: { labels: lineLegend(figure) },
        tooltip: {
          callbacks: {
            label: ({ datasetIndex: at, dataIndex }) => pointText(figure, at, dataIndex),
          },
          filter: ({ datasetIndex }) => datasetIndex < figure.series.length,
        },
        annotation: {
          annotations: Object.fromEntries(
            lanesOf(figure).map(({ event: { x, label }, lane }, index) => [
              `event${index}`,
              annotationLine({ x }, { label, lane }),
            ]),
          ),
        },
      },
    },
  } as ChartConfiguration;
}

/** Labels that would cover each other stand one above the other: a lane for each, 0 the lowest. */
function lanesOf({ events, series }: LineChart) {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const range = Math.max(...xs, ...events.map(({ x }) => x)) - Math.min(0, ...xs);
  const ends: number[] = [];
  return [...events]
    .sort((a, b) => a.x - b.x)
    .map((event) => {
      const half = (event.label.length / 2 + 1) * (range / LETTERS_ACROSS);
      const free = ends.findIndex((end) => end <= event.x - half);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = event.x + half;
      return { event, lane };
    });
}

/** About as many letters of a label as a chart of half the page is wide. */
const LETTERS_ACROSS = 60;

function lineDataset(series: LineSeries): ChartDataset {
  const colour = themeColour(`c-${series.colour}`);
  return {
    type: 'line',
    label: series.name,
    data: series.points.map(([x, y]) => ({ x, y: y as number })),
    borderColor: colour,
    backgroundColor: series.filled ? `${colour}2e` : colour,
    borderWidth: series.strong ? 3 : 1.75,
    borderDash: DASHES[series.dash ?? 'solid'],
    showLine: series.marked !== 'only',
    pointRadius: series.marked ? (series.marked === 'only' ? 6 : 4) : 0,
    pointHitRadius: 8,
    stepped: series.stepped ? 'before' : false,
    fill: series.filled ? 'origin' : false,
    tension: 0,
    spanGaps: false,
    // A line along the upper edge keeps its full width, and a mark its whole shape.
    clip: series.marked === 'only' ? 10 : 4,
  };
}

/** The lower end, and the upper filled down to it. */
function bandDatasets(series: LineSeries): ChartDataset[] {
  const colour = themeColour(`c-${series.colour}`);
  return [0, 1].map((end) => ({
    type: 'line',
    label: `${series.name}, ${end === 0 ? 'low' : 'high'}`,
    data: series.points.map(([x], index) => ({ x, y: series.band![index]![end] as number })),
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    backgroundColor: `${colour}26`,
    fill: end === 0 ? false : '-1',
  }));
}

/** Chart.js leaves dashes out of a legend of lines; here they are what tells two lines apart. */
function lineLegend({ series }: LineChart) {
  const generateLabels = () =>
    series.map(({ name, colour, dash, strong, marked }) => ({
      text: name,
      fontColor: themeColour('ink'),
      strokeStyle: themeColour(`c-${colour}`),
      lineWidth: strong ? 3 : 2,
      lineDash: DASHES[dash ?? 'solid'],
      fillStyle: themeColour(`c-${colour}`),
      pointStyle: marked === 'only' ? dot(themeColour(`c-${colour}`)) : ('line' as const),
    }));
  return { generateLabels, usePointStyle: true, pointStyleWidth: rem(1.6) * 1.6 };
}

/** A legend stretches its own circles to the width of its lines; a picture keeps its shape. */
function dot(colour: string): HTMLCanvasElement {
  const size = rem(0.75);
  const picture = document.createElement('canvas');
  picture.width = picture.height = Math.ceil(size);
  const ctx = picture.getContext('2d')!;
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(size / 2, size / 2, size / 2 - 0.5, 0, 2 * Math.PI);
  ctx.fill();
  return picture;
}

function fixedTicks(ticks: readonly number[]) {
  return {
    min: ticks[0]!,
    max: ticks.at(-1)!,
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = ticks.map((value) => ({ value }));
    },
  };
}

function pointText(figure: LineChart, at: number, index: number): string {
  const series = figure.series[at]!;
  const value = series.points[index]![1];
  const text = `${series.name}: ${formatValue(value, figure.y.format)}`;
  const n = series.n?.[index];
  return n === undefined ? text : `${text} (n = ${formatValue(n, 'count')})`;
}
