import type { RunRecord } from '../record.ts';
import { documentHtml } from './document.ts';
import { figureHtml } from './figure-html.ts';
import { type FigureGroup, figureGroups } from './figures/index.ts';
import { type Html, html, jsonText, trusted } from './html.ts';
import { type LessonSections, lessonSections } from './lesson/sections.ts';
import { opening, topBar } from './opening.ts';
import { libraryScript, pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { residencyPicture } from './residency.ts';
import { traceStrips } from './trace-strip.ts';
import { trust } from './trust.ts';

/**
 * The report of a run: one HTML file, made from its record alone, that opens by double click and
 * asks nobody for anything. The same record gives the same file.
 */
export function renderReport(record: RunRecord): string {
  const groups = figureGroups(record);
  return documentHtml({
    title: `${record.scenario.question} – ${record.scenario.name}`,
    description: record.verdict?.sentence ?? record.scenario.question,
    style: pageStyle(),
    earlyScript: pageScript('early.ts'),
    scripts: [
      { code: libraryScript('chart.js/dist/chart.umd.min.js'), module: false },
      {
        code: libraryScript('chartjs-plugin-annotation/dist/chartjs-plugin-annotation.min.js'),
        module: false,
      },
      { code: pageScript('main.ts'), module: true },
    ],
    body: html`${body(record, groups)}
${dataScript('record', record)}
${dataScript('charts', chartsOf(groups))}
`,
  });
}

function body(record: RunRecord, groups: readonly FigureGroup[]): Html {
  const lesson = lessonSections(record);
  const picture = residencyPicture(record);
  return html`${topBar(record, links(lesson, picture !== null))}<main id="top">
${opening(record)}
${picture}
${lesson.introduction}
${lesson.predict}
<div${lesson.predict && html` class="after-predict"`}>
<section id="figures" aria-labelledby="figures-title">
<h2 id="figures-title">What you see</h2>
${lesson.whatYouSee}
${groups.map(groupHtml)}
${traceStrips(record)}
</section>
${lesson.explanation}
${lesson.exercises}
${lesson.closing}
</div>
${lesson.instructor}
${trust(record)}
</main>
<footer><p>Made from the record of run ${record.id}. This file is complete: it loads nothing. Add <code>#all</code> to its address to open everything, <code>#instructor</code> for the instructor’s notes.</p></footer>`;
}

function links(lesson: LessonSections, picture: boolean): [string, string][] {
  const all: [string, string, boolean][] = [
    ['picture', 'Picture', picture],
    ['predict', 'Predict', lesson.predict !== null],
    ['figures', 'Figures', true],
    ['why', 'Why', lesson.explanation !== null],
    ['exercises', 'Exercises', lesson.exercises !== null],
    ['trust', 'Trust', true],
  ];
  return all.filter(([, , there]) => there).map(([id, name]) => [id, name]);
}

function groupHtml(group: FigureGroup): Html {
  return html`<section class="group" id="${group.id}" aria-labelledby="${group.id}-title">
<h3 id="${group.id}-title">${group.title}</h3>
<div class="figures">
${group.figures.map(figureHtml)}</div>
${
  group.folded.length > 0 &&
  html`<details class="more"><summary>The other fleets<span class="visually-hidden">: ${group.title}</span></summary>
<div class="figures">
${group.folded.map(figureHtml)}</div></details>`
}
</section>
`;
}

function chartsOf(groups: readonly FigureGroup[]): Record<string, unknown> {
  const figures = groups.flatMap((group) => [...group.figures, ...group.folded]);
  return Object.fromEntries(
    figures.filter((figure) => figure.chart !== null).map((figure) => [figure.id, figure.chart]),
  );
}

function dataScript(id: string, value: unknown): Html {
  return html`<script type="application/json" id="${id}">${trusted(jsonText(value))}</script>`;
}
