import { exhibitFigures } from '../figures/exhibits.ts';
import { figureHtml } from '../figures/figure-html.ts';
import { type Html, html } from '../page/html.ts';
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
  if (!lesson || !record || tables.length === 0) {
    return html`<section id="measured" aria-labelledby="measured-title"><h2 id="measured-title">Measured on this machine</h2>
<p><strong>Not measured here.</strong> The scenario <code>${SHARED_CACHE}</code> fills this table from real servers:</p>
<pre><code>npm run lab -- --scenario ${SHARED_CACHE}</code></pre></section>`;
  }
  return html`<section id="measured" aria-labelledby="measured-title"><h2 id="measured-title">Measured on this machine</h2>
<p>${record.verdict?.sentence} The whole report is the lesson <a href="${lesson.name}.html">${lesson.name}</a>.</p>
${tables.map((figure) => figureHtml(figure, 'h3'))}</section>`;
}

function generalHtml(course: Course): Html {
  return html`<section id="general" aria-labelledby="general-title"><h2 id="general-title">In general</h2>
<p>The last column names the lesson that shows it. Articles often say of Redis <em>and</em> Memcached that they survive a restart. Of their own restart that is true of Redis alone, and only when persistence is on.</p>
<div class="scroll" role="region" aria-label="In general: table" tabindex="0"><table>
<thead><tr><td></td><th scope="col">LocMemCache</th><th scope="col">Redis</th><th scope="col">Memcached</th><th scope="col">shown by</th></tr></thead>
<tbody>
${course.curriculum.comparison.map(
  ([question, local, redis, memcached, lesson]) =>
    html`<tr><th scope="row">${question}</th><td>${local}</td><td>${redis}</td><td>${memcached}</td><td>${lessonLink(course, lesson)}</td></tr>\n`,
)}</tbody></table></div></section>`;
}
