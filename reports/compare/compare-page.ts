import { chartTable } from '../figures/chart-table.ts';
import { type BarChart, type Figure, type Pattern, workerColour } from '../figures/figure.ts';
import { figureHtml, tableHtml } from '../figures/figure-html.ts';
import { documentHtml } from '../page/document.ts';
import { type Html, html, section } from '../page/html.ts';
import type { MeasureId } from '../record/measures.ts';
import { type Comparison, centre } from './comparison.ts';
import { comparisonTable, differenceTable, spreadNotes } from './comparison-text.ts';

/** Runs side by side as a page in the look of a report. */
export function comparePage(comparison: Comparison): string {
  const figures = CHARTED.flatMap((id) => chartOf(comparison, id));
  const { runs, rows } = comparison;
  return documentHtml({
    title: `${runs.map(({ letter }) => letter).join(' and ')}: ${runs.length} runs compared`,
    description: runs.map(({ record }) => record.command).join('; '),
    name: 'compare',
    links: [
      { href: '#runs', name: 'Runs' },
      ...(rows.length > 0 ? [{ href: '#figures', name: 'Figures' }] : []),
    ],
    charts: Object.fromEntries(figures.map((figure) => [figure.id, figure.chart!])),
    body: html`<div class="opening"><h1>${runs.length} runs, side by side</h1><p class="verdict">${summary(comparison)}</p></div>
${runsHtml(comparison)}
${
  rows.length > 0
    ? section(
        'figures',
        'Figures',
        html`<div class="figures">${figures.map((figure) => figureHtml(figure, 'h3'))}</div>
<h3>All of them</h3>
${tableHtml(comparisonTable(comparison), 'Figures of all runs')}
<ul>${spreadNotes(comparison).map((note) => html`<li>${note}</li>\n`)}</ul>`,
      )
    : html`<section id="figures"><p>These runs have no arm in common to compare.</p></section>`
}`,
  });
}

/** One sentence: how many figures can be told apart. */
export function summary({ rows, runs }: Comparison): string {
  const changes = rows.flatMap((row) => row.changes).filter((change) => change !== null);
  const count = (verdict: string) => changes.filter((change) => change.verdict === verdict).length;
  if (changes.length === 0) return 'They have no arm in common to compare.';
  const apart = count('better') + count('worse') + count('other');
  return `Of ${changes.length} differences from ${runs[0]!.letter}, ${apart} ${apart === 1 ? 'is' : 'are'} larger than chance explains: ${count('better')} better, ${count('worse')} worse, ${count('other')} neither. The others may be chance. Each is held against 95 %, so about one in twenty looks real by chance.`;
}

function runsHtml(comparison: Comparison): Html {
  const { runs, differences, cautions } = comparison;
  return section(
    'runs',
    'The runs',
    html`${cautions.map((caution) => html`<div class="warning"><p>${caution}</p></div>\n`)}
<ol class="runs">${runs.map(
      ({ letter, record }) => html`<li><p class="run-mark">${letter}</p><div>
<h3>${record.scenario.question}</h3><p>${record.verdict?.sentence ?? record.failure}</p>
<pre><code>${record.command}</code></pre>
<p class="run-facts"><span>${record.scenario.name}</span> <span>${record.id}</span></p></div></li>\n`,
    )}</ol>
<h3>What differed before</h3>
${
  differences.length === 0
    ? html`<p>Nothing: the same scenario with the same options on the same machine. What the figures show is chance.</p>`
    : tableHtml(differenceTable(comparison), 'What differed before')
}`,
  );
}

const CHARTED: readonly MeasureId[] = ['hitRate', 'misses', 'requestsPerSecond'];
const PATTERNS: readonly Pattern[] = ['solid', 'hatched', 'dotted', 'crossed'];

function chartOf({ runs, rows }: Comparison, id: MeasureId): Figure[] {
  const shown = rows.filter((row) => row.measure.id === id);
  const [row] = shown;
  if (!row) return [];
  const { label, format } = row.measure;
  const chart: BarChart = {
    kind: 'bars',
    categories: shown.map(({ part }) => part),
    x: 'arm',
    y: { label, format },
    series: runs.map(({ letter }, run) => ({
      name: letter,
      values: shown.map(({ samples }) => (samples[run] ? centre(samples[run]) : null)),
      colour: workerColour(run + 1),
      pattern: PATTERNS[run % PATTERNS.length]!,
    })),
    missing: 'not in this run',
  };
  return [
    {
      ...{ id: `compare-${id}`, title: label, chart, table: chartTable(chart) },
      caption: 'A bar for each run; over several rounds it is their mean.',
    },
  ];
}
