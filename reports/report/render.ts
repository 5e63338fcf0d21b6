import type { Chart, Figure } from '../figures/figure.ts';
import { figureHtml } from '../figures/figure-html.ts';
import { type FigureGroup, figureGroups } from '../figures/index.ts';
import { documentHtml, type Link } from '../page/document.ts';
import { type Html, html, section } from '../page/html.ts';
import type { RunRecord } from '../record/schema.ts';
import { lessonSections } from './lesson/sections.ts';
import { opening } from './opening.ts';
import { residencyPicture } from './residency.ts';
import { scrubber } from './scrubber.ts';
import { traceStrips } from './trace-strip.ts';
import { trust } from './trust.ts';

/**
 * The report of a run: one HTML file, made from its record alone, that opens by double click and
 * asks nobody for anything. The same record gives the same file.
 *
 * @param around what a course puts before and after the report in its own page
 */
export function renderReport(
  record: RunRecord,
  around?: { readonly before: Html; readonly after: Html },
): string {
  const groups = figureGroups(record);
  const body = bodyOf(record, groups);
  return documentHtml({
    ...around,
    title: `${record.scenario.question} – ${record.scenario.name}`,
    description: record.verdict?.sentence ?? record.scenario.question,
    name: record.scenario.name,
    links: linksTo(body),
    body,
    footer: html`<p>Made from the record of run ${record.id}. This file is complete: it loads nothing. Add <code>#all</code> to its address to open everything, <code>#instructor</code> for the instructor’s notes.</p>`,
    charts: chartsOf(groups),
    record,
  });
}

function bodyOf(record: RunRecord, groups: readonly FigureGroup[]): Html {
  const lesson = lessonSections(record);
  const residency = residencyPicture(record);
  const strips = traceStrips(record);
  // Where caches hold nothing to show, the scenario's first own figure takes the picture's place.
  const lead = residency ? undefined : groups.find((group) => group.id === 'exhibits')?.figures[0];
  const followed = residency !== null || strips !== null || groups.some(followsScrubber);
  return html`${opening(record)}
${followed && scrubber()}
${residency}
${lead && html`<section id="picture" class="lead-figure" aria-label="The picture">${figureHtml(lead, 'h2')}</section>`}
${lesson.introduction}
${lesson.predict}
<div${lesson.predict && html` class="after-predict"`}>
${section('figures', 'What you see', [lesson.whatYouSee, ...groups.map((group) => groupHtml(group, lead)), strips])}
${lesson.explanation}
${lesson.exercises}
${lesson.closing}
</div>
${lesson.instructor}
${trust(record)}`;
}

/** Places of a report that its head line leads to, where it has them. */
const PLACES = ['picture', 'predict', 'figures', 'why', 'exercises', 'trust'];

function linksTo(body: Html): Link[] {
  return PLACES.filter((id) => body.text.includes(`id="${id}"`)).map((id) => ({
    href: `#${id}`,
    name: `${id[0]!.toUpperCase()}${id.slice(1)}`,
  }));
}

function followsScrubber(group: FigureGroup): boolean {
  return group.figures.some(
    ({ chart }) => chart?.kind === 'lines' && chart.followsScrubber === true,
  );
}

function groupHtml(group: FigureGroup, lead: Figure | undefined): Html | null {
  const figures = group.figures.filter((figure) => figure !== lead);
  if (figures.length + group.folded.length === 0) return null;
  const content = html`<div class="figures">
${figures.map((figure) => figureHtml(figure))}</div>
${
  group.folded.length > 0 &&
  html`<details class="more"><summary>The other fleets<span class="visually-hidden">: ${group.title}</span></summary>
<div class="figures">
${group.folded.map((figure) => figureHtml(figure))}</div></details>`
}`;
  return section(group.id, group.title, content, { look: 'group', heading: 'h3' });
}

function chartsOf(groups: readonly FigureGroup[]): Record<string, Chart> {
  const figures = groups.flatMap((group) => [...group.figures, ...group.folded]);
  return Object.fromEntries(figures.flatMap(({ id, chart }) => (chart ? [[id, chart]] : [])));
}
