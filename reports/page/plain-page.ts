import type { Chart } from '../figures/figure.ts';
import { dataScript, visibleTexts } from './data-script.ts';
import { documentHtml } from './document.ts';
import { type Html, html } from './html.ts';
import { libraryScript, pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { type Link, topBar } from './top-bar.ts';

/** A page that is no report of a run: a list, a comparison, a page of the course. */
export interface PlainPage {
  readonly title: string;
  readonly description: string;
  /** Beside the mark in the head line. */
  readonly name: string;
  readonly links: readonly Link[];
  readonly body: Html;
  readonly footer?: Html | undefined;
  /** Around the page, as a way through several. */
  readonly before?: Html | undefined;
  readonly after?: Html | undefined;
  /** By the id of their figure; the chart library comes along only where there are some. */
  readonly charts?: Readonly<Record<string, Chart>> | undefined;
}

/** A page in the look of a report, as self-contained and under the same policy. */
export function plainPage(page: PlainPage): string {
  const charts = page.charts ?? {};
  const libraries = Object.keys(charts).length > 0 ? CHART_LIBRARIES : [];
  return documentHtml({
    title: page.title,
    description: page.description,
    style: pageStyle(),
    earlyScript: pageScript('early.ts'),
    scripts: [
      ...libraries.map((library) => ({ code: libraryScript(library), module: false })),
      { code: pageScript('plain.ts'), module: true },
    ],
    body: html`${page.before}${topBar(page.name, page.links, 'Pages')}<main id="top" class="plain-page">
${page.body}
</main>
<footer>${page.footer ?? html`<p>This file loads nothing; it works offline.</p>`}</footer>${page.after}
${dataScript('charts', charts, visibleTexts)}
`,
  });
}

const CHART_LIBRARIES = [
  'chart.js/dist/chart.umd.min.js',
  'chartjs-plugin-annotation/dist/chartjs-plugin-annotation.min.js',
];
