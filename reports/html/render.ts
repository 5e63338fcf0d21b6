import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../record.ts';
import { documentHtml } from './document.ts';
import { figuresOf } from './figures/index.ts';
import { html, jsonText, trusted } from './html.ts';
import { opening } from './opening.ts';
import { libraryScript, pageScript } from './page-script.ts';
import { figureHtml } from './table.ts';
import { trust } from './trust.ts';

/**
 * The report of a run: one HTML file, made from its record alone, that opens by double click and
 * asks nobody for anything. The same record gives the same file.
 */
export function renderReport(record: RunRecord): string {
  const figures = figuresOf(record);
  const charts = figures.filter((figure) => figure.chart !== null);
  return documentHtml({
    title: `${record.scenario.question} – ${record.scenario.name}`,
    description: record.verdict?.sentence ?? record.scenario.question,
    style: STYLE,
    earlyScript: pageScript('early.ts'),
    scripts: [
      { code: libraryScript('chart.js/dist/chart.umd.min.js'), module: false },
      {
        code: libraryScript('chartjs-plugin-annotation/dist/chartjs-plugin-annotation.min.js'),
        module: false,
      },
      { code: pageScript('main.ts'), module: true },
    ],
    body: html`${opening(record)}
<section id="figures" aria-labelledby="figures-title">
<h2 id="figures-title">The figures</h2>
<div class="figures">
${figures.map(figureHtml)}
</div>
</section>
${trust(record)}
</main>
<footer><p>Made from the record of run ${record.id}. This file is complete: it loads nothing.</p></footer>
<script type="application/json" id="record">${trusted(jsonText(record))}</script>
<script type="application/json" id="charts">${trusted(
      jsonText(Object.fromEntries(charts.map((figure) => [figure.id, figure.chart]))),
    )}</script>
`,
  });
}

const STYLE = ['theme.css', 'page.css']
  .map((name) => readFileSync(join(import.meta.dirname, 'style', name), 'utf8'))
  .join('');
