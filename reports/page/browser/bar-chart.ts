import type { ChartConfiguration, ChartDataset, LegendItem } from 'chart.js';
import type { BarChart } from '../../figures/figure.ts';
import { formatValue } from '../../record/format.ts';
import { cellText } from '../../record/table.ts';
import { barNotes } from './bar-notes.ts';
import { annotationLine, chartFont, rem, scaleTitle, valueScale } from './chart-look.ts';
import { patternFill } from './patterns.ts';
import { themeColour } from './theme.ts';

/** Bars from zero, side by side or stacked, with theory's values beside them. */
export function barConfiguration(figure: BarChart): ChartConfiguration {
  return {
    type: 'bar',
    data: { labels: [...figure.categories], datasets: figure.series.map(barDataset(figure)) },
    options: {
      scales: {
        x: {
          title: scaleTitle(figure.n ? `${figure.x} (n: ${figure.n.of})` : figure.x),
          stacked: figure.stacked === true,
          grid: { display: false },
          ticks: {
            autoSkip: figure.categories.length > MOST_NAMED,
            callback(_, index) {
              // Not the chart's area, which is still the one from before a change of size.
              return categoryLabel(figure, index, this.chart.width - rem(4));
            },
          },
        },
        y: {
          ...valueScale(figure.y),
          beginAtZero: true,
          stacked: figure.stacked === true,
          // Room for the numbers above the bars.
          grace: figure.y.max === undefined ? '12%' : 0,
        },
      },
      plugins: {
        legend: barLegend(figure),
        tooltip: {
          callbacks: { label: ({ datasetIndex: at, dataIndex }) => barText(figure, at, dataIndex) },
        },
        annotation: {
          annotations: figure.reference
            ? { reference: annotationLine({ y: figure.reference.value }) }
            : {},
        },
      },
    },
    plugins: [barNotes(figure)],
  } as ChartConfiguration;
}

function barDataset(figure: BarChart) {
  return (series: BarChart['series'][number]): ChartDataset => {
    const names = series.colours ?? figure.categories.map(() => series.colour);
    const colours = names.map((name) => themeColour(`c-${name}`));
    return {
      type: 'bar',
      label: series.name,
      data: [...series.values],
      backgroundColor: colours.map((colour) => patternFill(colour, series.pattern ?? 'solid')),
      borderColor: colours,
      borderWidth: series.pattern === undefined ? 0 : 1.5,
      maxBarThickness: rem(4.5),
      ...(series.stack === undefined ? {} : { stack: series.stack }),
    };
  };
}

/**
 * The legend names theory's mark too, which is no series of Chart.js's own, and the line across,
 * whose name would cover the bars' numbers.
 */
function barLegend({ series, expected, reference }: BarChart) {
  const item = (text: string, look: Partial<LegendItem>): LegendItem => ({
    ...{ text, fontColor: themeColour('ink'), lineWidth: 0, ...look },
  });
  // A single series is named by its axis.
  const named = series.length > 1 ? series : [];
  const generateLabels = () => [
    ...named.map(({ name, colour, pattern }) =>
      item(name, {
        fillStyle: patternFill(themeColour(`c-${colour}`), pattern ?? 'solid'),
        strokeStyle: themeColour(`c-${colour}`),
        lineWidth: pattern === undefined ? 0 : 1.5,
      }),
    ),
    ...(expected ? [item(`◆ ${expected.label}`, { fillStyle: 'transparent' })] : []),
    ...(reference ? [item(`– –  ${reference.label}`, { fillStyle: 'transparent' })] : []),
  ];
  return {
    display: named.length > 0 || expected !== undefined || reference !== undefined,
    labels: { generateLabels },
  };
}

function barText(figure: BarChart, at: number, index: number): string {
  const series = figure.series[at]!;
  const text = `${series.name}: ${cellText(series.values[index] ?? figure.missing, figure.y)}`;
  const expected = figure.expected?.values[index];
  return expected ? `${text} (expected ${formatValue(expected.value, figure.y.format)})` : text;
}

/** Up to this many categories all have their name; of more, Chart.js chooses. */
const MOST_NAMED = 8;

/** The name and, under it, how many observations there are; as short as there is room. */
function categoryLabel(figure: BarChart, index: number, width: number): string[] {
  const room = width / figure.categories.length;
  const narrow = room < rem(5.5);
  const whole = figure.categories[index]!;
  const name = narrow ? whole.replace(/^worker /, '') : whole;
  const n = figure.n?.values[index];
  const count = n === undefined || n === null ? [] : [formatValue(n, 'count')];
  // A letter is about half as wide as its size.
  const letters = Math.max(4, Math.floor(room / (chartFont(0.8).size * 0.55)));
  return [...wrapped(name, letters), ...count.map((text) => (narrow ? text : `n = ${text}`))];
}

/** Lines of at most so many letters, broken between words. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < letters) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
