import { exhibitFigures } from '../figures/exhibits.ts';
import { figureHtml } from '../figures/figure-html.ts';
import { type Html, html, section } from '../page/html.ts';
import type { Course, CourseLesson } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';

/** The scenario that measures what this page compares. */
const SHARED_CACHE = 'shared-cache';

/** Local memory beside Redis and Memcached: what was measured, then what is generally true. */
export function comparisonPage(course: Course): string {
  const lesson = course.lessons.find(({ name }) => name === SHARED_CACHE);
  return coursePage({
    file: 'comparison.html',
    title: 'Local memory, Redis, Memcached',
    lead: 'A shared cache costs a trip per lookup and a service to run. For that there is one cache again: one copy, one counter, one session, whoever answers.',
    body: html`${measuredHtml(lesson)}
${generalHtml(course)}`,
  });
}

function measuredHtml(lesson: CourseLesson | undefined): Html {
  const record = lesson?.record;
  const tables = record ? exhibitFigures(record).filter((figure) => figure.chart === null) : [];
  return section(
    'measured',
    'Measured on this machine',
    record && tables.length > 0
      ? html`<p>${record.verdict?.sentence} The whole report is the lesson <a href="${lesson.name}.html">${lesson.name}</a>.</p>
${tables.map((figure) => figureHtml(figure, 'h3'))}`
      : html`<p><strong>Not measured here.</strong> The scenario <code>${SHARED_CACHE}</code> fills this table from real servers:</p>
<pre><code>npm run lab -- --scenario ${SHARED_CACHE}</code></pre>`,
  );
}

function generalHtml(course: Course): Html {
  return section(
    'general',
    'In general',
    html`<p>The last column names the lesson that shows it. Articles often say that Redis <em>and</em> Memcached survive a restart. Only Redis survives its own restart, and only with persistence on.</p>
<div class="scroll" role="region" aria-label="In general: table" tabindex="0"><table>
<thead><tr><td></td>${['LocMemCache', 'Redis', 'Memcached', 'shown by'].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${course.curriculum.comparison.map(
  ([question, local, redis, memcached, lesson]) =>
    html`<tr><th scope="row">${question}</th><td>${local}</td><td>${redis}</td><td>${memcached}</td><td>${lessonLink(course, lesson)}</td></tr>\n`,
)}</tbody></table></div>`,
  );
}
