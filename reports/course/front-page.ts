import { type Html, html, section } from '../page/html.ts';
import { verdictHtml } from '../page/verdict.ts';
import { counted, formatValue } from '../record/format.ts';
import { parseLesson } from '../report/lesson/parse.ts';
import type { Course, CourseLesson } from './course.ts';
import { coursePage } from './course-page.ts';
import { listSection, proseSection } from './prose.ts';

/** What the course is, whether a machine is ready for it, and the schedule. */
export function frontPage(course: Course): string {
  return coursePage({
    file: 'index.html',
    title: 'One cache becomes four',
    lead: 'A cache in the memory of a process belongs to that process alone. Start the server as four workers and there are four. This course shows what that costs, on real processes, with a measured answer to each question.',
    body: html`${aboutHtml(course)}
${proseSection('set-up')}
${scheduleHtml(course)}
${listSection('rest', 'facts')}`,
  });
}

/** The minutes that a lesson names: to read, and for its exercises; `null` where it names none. */
export function lessonMinutes(markdown: string): { reading: number; exercises: number } | null {
  const [reading, exercises] = (parseLesson(markdown).texts.Minutes ?? '').match(/\d+/g) ?? [];
  return reading === undefined
    ? null
    : { reading: Number(reading), exercises: Number(exercises ?? 0) };
}

function aboutHtml({ lessons, environment }: Course): Html {
  const measured = lessons.filter((lesson) => lesson.record !== null).length;
  return html`<section id="about" class="columns" aria-label="About the course">
<div><h2>What it is</h2><div class="prose">
<p>${counted(lessons.length, 'lesson')}, each a question. A lesson asks for a prediction first, then shows what was measured, explains it with the run’s own figures, and ends in exercises that you check by running a command.</p>
<p>It is for developers who have used a cache and deployed a server, in any language. Django’s <code>LocMemCache</code> is the example, but everything here is true of any in-process cache.</p></div></div>
<div><h2>What was measured</h2><div class="prose">
<p>${measured} of ${counted(lessons.length, 'lesson')} ${measured === 1 ? 'shows' : 'show'} a run${
    environment === null
      ? '.'
      : html` on this machine: ${environment.cpu}, ${counted(environment.cores, 'core')}, ${formatValue(environment.memoryBytes, 'bytes')}, Node ${environment.node}.`
  }</p>
<p>Every figure comes from responses of real processes, compared with what the processes counted themselves. The <a href="claims.html">claims</a> page says, one by one, which the runs confirm.</p></div></div>
</section>`;
}

function scheduleHtml({ lessons }: Course): Html {
  const minutes = lessons.map(({ lesson }) => lessonMinutes(lesson));
  const sum = (part: 'reading' | 'exercises') =>
    minutes.reduce((total, one) => total + (one?.[part] ?? 0), 0);
  return section(
    'schedule',
    'Schedule',
    html`<p>Each lesson stands on its own. For a workshop of 90 minutes or half a day, the <a href="instructor.html#workshops">instructor’s guide</a> chooses among them.</p>
<ol class="lessons">${lessons.map((lesson, index) => lessonRow(lesson, minutes[index] ?? null))}</ol>
<p>In all: ${counted(sum('reading'), 'minute')} to predict, run and read, and ${counted(sum('exercises'), 'minute')} of exercises.</p>`,
  );
}

function lessonRow(
  lesson: CourseLesson,
  minutes: { reading: number; exercises: number } | null,
): Html {
  return html`<li><div>
<h3><a href="${lesson.name}.html">${lesson.question}</a></h3>
<p class="run-facts"><span>${lesson.name}</span> ${
    minutes && html`<span>${minutes.reading} + ${minutes.exercises} minutes</span>`
  } <span>shows ${lesson.claims.join(', ')}</span> ${verdictHtml(lesson.verdict)}</p>
</div></li>
`;
}
