import type { Chart, Figure } from '../figures/figure.ts';
import { figureHtml } from '../figures/figure-html.ts';
import { type FigureGroup, figuresOf, type ReportFigures } from '../figures/index.ts';
import { documentHtml, type Link } from '../page/document.ts';
import { type Html, html, section } from '../page/html.ts';
import type { RunRecord } from '../record/schema.ts';
import { lessonSections } from './lesson/sections.ts';
import { conclusion, headline, question } from './opening.ts';
import { residencyPicture } from './residency.ts';
import { traceStrips } from './trace-strip.ts';
import { trust } from './trust.ts';

/**
 * The report of a run: one HTML file, made from its record alone, that opens by double click and
 * asks nobody for anything. The same record gives the same file. Its first screen has the result,
 * the chart and the picture.
 *
 * @param course what a course puts before and after the report in its own page. There it is a
 * lesson: set-up and prediction come first, and the result when it was asked for.
 */
export function renderReport(
  record: RunRecord,
  course?: { readonly before: Html; readonly after: Html },
): string {
  const figures = figuresOf(record);
  const body = course ? lessonBody(record, figures) : runBody(record, figures);
  return documentHtml({
    ...course,
    title: `${record.scenario.question} – ${record.scenario.name}`,
    description: (!course && record.verdict?.sentence) || record.scenario.question,
    name: record.scenario.name,
    links: linksTo(body),
    body,
    footer: html`<p>Made from the record of run ${record.id}. This file is complete: it loads nothing. Add <code>#all</code> to its URL to open everything, <code>#instructor</code> for the instructor’s notes.</p>`,
    charts: chartsOf(figures),
    record,
  });
}

function runBody(record: RunRecord, figures: ReportFigures): Html {
  const lesson = lessonSections(record);
  return html`${question(record)}
${result(record, figures)}
${whatYouSee(record, figures, lesson.whatYouSee)}
${lesson.explanation}
${lesson.introduction}
${lesson.exercises}
${lesson.stack}
${lesson.closing}
${lesson.instructor}
${trust(record)}`;
}

function lessonBody(record: RunRecord, figures: ReportFigures): Html {
  const lesson = lessonSections(record);
  return html`${question(record)}
${lesson.introduction}
${lesson.predict}
<div${lesson.predict && html` class="after-predict"`}>
${result(record, figures)}
${whatYouSee(record, figures, lesson.whatYouSee)}
${lesson.explanation}
${lesson.exercises}
${lesson.stack}
${lesson.closing}
${trust(record)}
</div>
${lesson.instructor}`;
}

/** The first screen: the figures, the chart, the picture, the sentence. */
function result(record: RunRecord, { lead }: ReportFigures): Html {
  const picture = residencyPicture(record);
  const chart =
    lead &&
    html`<section class="lead-figure" aria-label="The chart">${figureHtml(lead, 'h2')}</section>`;
  // A figure without a chart is as wide as its words: it has the screen to itself.
  const beside = lead?.chart && picture;
  return html`${headline(record)}
<div class="stage${beside && ' side-by-side'}">
${chart}${beside && picture}
</div>
${conclusion(record)}
${!beside && picture}`;
}

function whatYouSee(record: RunRecord, { next, more }: ReportFigures, text: Html | null): Html {
  const strips = traceStrips(record);
  return section('figures', 'What you see', [
    text,
    html`<div class="figures">
${next.map((figure) => figureHtml(figure, 'h3'))}</div>`,
    (more.length > 0 || strips !== null) &&
      html`<details class="more"><summary>More charts and tables</summary>
${more.map(groupHtml)}${strips}</details>`,
  ]);
}

/** Places of a report that its head line leads to, where it has them. */
const PLACES = ['picture', 'predict', 'figures', 'why', 'exercises', 'stack', 'trust'];

function linksTo(body: Html): Link[] {
  return PLACES.filter((id) => body.text.includes(`id="${id}"`)).map((id) => ({
    href: `#${id}`,
    name: `${id[0]!.toUpperCase()}${id.slice(1)}`,
  }));
}

function groupHtml({ id, title, figures }: FigureGroup): Html {
  const content = html`<div class="figures">
${figures.map((figure) => figureHtml(figure))}</div>`;
  return section(id, title, content, { look: 'group', heading: 'h3' });
}

function chartsOf({ lead, next, more }: ReportFigures): Record<string, Chart> {
  const figures: readonly (Figure | null)[] = [
    ...[lead, ...next],
    ...more.flatMap((group) => group.figures),
  ];
  return Object.fromEntries(
    figures.flatMap((figure) => (figure?.chart ? [[figure.id, figure.chart]] : [])),
  );
}
