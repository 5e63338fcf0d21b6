import type { ChartConfiguration, ChartDataset, Chart as ChartJs } from 'chart.js';
import type { Axis, BarChart, Chart as ChartFigure, LineChart } from '../figure.ts';
import { formatValue } from '../format.ts';
import { barNotes } from './bar-notes.ts';
import { embeddedCharts } from './embedded.ts';
import { patternFill } from './patterns.ts';
import { onThemeChange, themeColour } from './theme.ts';

declare const Chart: typeof ChartJs;

/** All charts drawn so far, by their figure's id; the tests read them too. */
export const drawnCharts = new Map<string, ChartJs>();

/** Draws every chart whose place is visible; those in closed parts are drawn when they open. */
export function drawCharts(): void {
  const figures = embeddedCharts();
  for (const place of document.querySelectorAll<HTMLElement>('[data-figure]')) {
    const id = place.dataset.figure!;
    if (drawnCharts.has(id) || place.offsetParent === null) continue;
    const canvas = place.querySelector('canvas')!;
    drawnCharts.set(id, new Chart(canvas, configuration(figures[id]!)));
  }
}

onThemeChange(() => {
  const figures = embeddedCharts();
  for (const [id, chart] of drawnCharts) {
    const { data, options } = configuration(figures[id]!);
    chart.data = data;
    chart.options = options!;
    chart.update('none');
  }
});

function configuration(figure: ChartFigure): ChartConfiguration {
  return figure.kind === 'bars' ? barConfiguration(figure) : lineConfiguration(figure);
}

function barConfiguration(figure: BarChart): ChartConfiguration {
  const datasets = figure.series.map((series): ChartDataset<'bar'> => {
    const colours = (series.colours ?? figure.categories.map(() => series.colour)).map((name) =>
      themeColour(`c-${name}`),
    );
    return {
      label: series.name,
      data: [...series.values],
      backgroundColor: colours.map((colour) => patternFill(colour, series.pattern ?? 'solid')),
      borderColor: colours,
      borderWidth: series.pattern === undefined ? 0 : 1.5,
      maxBarThickness: rem(4.5),
      ...(series.stack === undefined ? {} : { stack: series.stack }),
    };
  });
  return {
    type: 'bar',
    data: { labels: [...figure.categories], datasets: datasets as ChartDataset[] },
    options: {
      ...commonOptions(),
      scales: {
        x: {
          ...scaleLook(figure.x),
          stacked: figure.stacked === true,
          grid: { display: false },
          ticks: { ...tickLook(), callback: (_, index) => categoryLabel(figure, index) },
        },
        y: {
          ...valueScale(figure.y),
          beginAtZero: true,
          stacked: figure.stacked === true,
          grace: figure.y.max === undefined ? '12%' : 0,
        },
      },
      plugins: {
        ...commonPlugins(figure.y, figure.series.length > 1),
        annotation: { annotations: referenceLine(figure) },
      },
    },
    plugins: [barNotes(figure)],
  } as ChartConfiguration;
}

function lineConfiguration(figure: LineChart): ChartConfiguration {
  const datasets = figure.series.map((series): ChartDataset<'line'> => {
    const colour = themeColour(`c-${series.colour}`);
    return {
      label: series.name,
      data: series.points.map(([x, y]) => ({ x, y: y as number })),
      borderColor: colour,
      backgroundColor: `color-mix(in srgb, ${colour} 18%, transparent)`,
      borderWidth: series.strong ? 3 : 1.75,
      borderDash: DASHES[series.dash ?? 'solid'],
      pointRadius: series.marked ? 4 : 0,
      pointHitRadius: 8,
      stepped: series.stepped ? 'before' : false,
      fill: series.filled ? 'origin' : false,
      tension: 0,
      spanGaps: false,
    };
  });
  return {
    type: 'line',
    data: { datasets: datasets as ChartDataset[] },
    options: {
      ...commonOptions(),
      scales: {
        x: { ...valueScale(figure.x), type: figure.x.scale ?? 'linear' },
        y: { ...valueScale(figure.y), beginAtZero: true },
      },
      plugins: {
        ...commonPlugins(figure.y, true),
        annotation: { annotations: eventLines(figure) },
      },
    },
  } as ChartConfiguration;
}

const DASHES = { solid: [], dashed: [7, 4], dotted: [2, 3], 'dash-dot': [8, 3, 2, 3] };

function commonOptions() {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false as const,
    interaction: { mode: 'nearest' as const, axis: 'x' as const, intersect: false },
    layout: { padding: { top: rem(0.5) } },
  };
}

function commonPlugins(y: Axis, legend: boolean) {
  return {
    legend: {
      display: legend,
      position: 'bottom' as const,
      labels: {
        color: themeColour('ink'),
        font: font(0.8),
        boxWidth: rem(1.6),
        boxHeight: rem(0.7),
      },
    },
    tooltip: {
      callbacks: {
        label: (item: { dataset: { label?: string }; parsed: { y: number | null } }) =>
          `${item.dataset.label}: ${formatValue(item.parsed.y, y.format)}`,
      },
    },
  };
}

function valueScale(axis: Axis) {
  return {
    ...scaleLook(axis.label),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    grid: { color: themeColour('line') },
    ticks: {
      ...tickLook(),
      callback: (value: string | number) => formatValue(Number(value), axis.format),
    },
  };
}

function scaleLook(name: string) {
  return {
    title: { display: true, text: name, color: themeColour('quiet'), font: font(0.8) },
    border: { color: themeColour('line') },
  };
}

function tickLook() {
  return { color: themeColour('quiet'), font: font(0.8), maxRotation: 0, autoSkipPadding: 8 };
}

function categoryLabel(figure: BarChart, index: number): string | string[] {
  const n = figure.n?.[index];
  const name = figure.categories[index]!;
  return n === undefined || n === null ? name : [name, `n = ${formatValue(n, 'count')}`];
}

function referenceLine(figure: BarChart) {
  if (figure.reference === undefined) return {};
  return {
    reference: {
      type: 'line' as const,
      yMin: figure.reference.value,
      yMax: figure.reference.value,
      borderColor: themeColour('c-ink'),
      borderWidth: 1.5,
      borderDash: [6, 4],
      label: {
        display: true,
        content: figure.reference.label,
        position: 'start' as const,
        backgroundColor: themeColour('paper'),
        color: themeColour('ink'),
        font: font(0.75),
      },
    },
  };
}

function eventLines(figure: LineChart) {
  return Object.fromEntries(
    figure.events.map((event, index) => [
      `event${index}`,
      {
        type: 'line' as const,
        xMin: event.x,
        xMax: event.x,
        borderColor: themeColour('quiet'),
        borderWidth: 1.5,
        borderDash: [3, 3],
        label: {
          display: true,
          content: event.label,
          position: 'end' as const,
          backgroundColor: themeColour('paper'),
          color: themeColour('ink'),
          font: font(0.75),
        },
      },
    ]),
  );
}

function font(size: number) {
  return { size: rem(size), family: getComputedStyle(document.body).fontFamily };
}

/** Charts scale with the page's own type. */
function rem(size: number): number {
  return size * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
