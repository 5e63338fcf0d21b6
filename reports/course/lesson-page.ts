import { documentHtml } from '../page/document.ts';
import { type Html, html, section } from '../page/html.ts';
import { renderReport } from '../report/render.ts';
import type { Course, CourseLesson } from './course.ts';

/** A lesson: the report of its run, which carries the lesson's text, with the way through the course. */
export function lessonPage(course: Course, index: number): string {
  const lesson = course.lessons[index]!;
  const around = {
    before: wayHtml(course, index, 'before'),
    after: wayHtml(course, index, 'after'),
  };
  if (lesson.record === null) return missingPage(lesson, around);
  // The text as it is now, not as it was on the day of the run.
  const scenario = { ...lesson.record.scenario };
  if (lesson.lesson !== '') scenario.lesson = lesson.lesson;
  return renderReport({ ...lesson.record, scenario }, around);
}

function wayHtml({ lessons }: Course, index: number, place: 'before' | 'after'): Html {
  const previous = lessons[index - 1];
  const next = lessons[index + 1];
  return html`<nav class="way" aria-label="${place === 'before' ? 'Course' : 'Continue the course'}">
<a href="index.html">Course</a>
<span>Lesson ${index + 1} of ${lessons.length}</span>
${previous && html`<a href="${previous.name}.html" rel="prev"><span aria-hidden="true">←</span> ${previous.name}</a>`}
${
  next
    ? html`<a href="${next.name}.html" rel="next">${next.name} <span aria-hidden="true">→</span></a>`
    : html`<a href="closing.html" rel="next">closing <span aria-hidden="true">→</span></a>`
}
</nav>
`;
}

function missingPage(lesson: CourseLesson, around: { before: Html; after: Html }): string {
  return documentHtml({
    title: `${lesson.question} – ${lesson.name}`,
    description: lesson.question,
    name: lesson.name,
    links: [],
    before: around.before,
    after: around.after,
    body: html`<div class="opening"><h1>${lesson.question}</h1>
<p class="verdict">Not measured here: this course was made without a run of this scenario.</p></div>
${section(
  'run',
  'Run it yourself',
  html`<pre><code>npm run lab -- --scenario ${lesson.name}</code></pre>
<p>Then make the pages again from the new run:</p>
<pre><code>npm run lab -- course --from reports/out</code></pre>`,
)}`,
  });
}
