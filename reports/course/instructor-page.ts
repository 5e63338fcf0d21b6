import { type Html, html, section } from '../page/html.ts';
import type { Course, Stretch, Workshop } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';
import { listSection, proseSection } from './prose.ts';

/** For who teaches it: timing, what goes wrong at the start, what to ask the room. */
export function instructorPage(course: Course): string {
  return coursePage({
    file: 'instructor.html',
    title: 'Instructor’s guide',
    lead: 'Ask for a prediction before each figure, and have people commit to it. They remember what surprises them.',
    body: html`${section(
      'workshops',
      'Timing',
      html`<p>Each lesson has its own notes: add <code>#instructor</code> to its URL, or <code>#all+instructor</code> to see everything. Run each lesson once on the machine with the projector, the day before.</p>
<div class="columns">${course.curriculum.workshops.map((workshop) => workshopHtml(course, workshop))}</div>`,
    )}
${proseSection('how')}
${listSection('trouble', 'glossary')}
${section('discussion', 'Questions for discussion', questionsHtml(course))}`,
  });
}

function workshopHtml(course: Course, { name, about, stretches }: Workshop): Html {
  let start = 0;
  const rows = stretches.map((stretch) => {
    const row = html`<tr><td class="number">${clock(start)}</td><td class="number">${stretch.minutes}</td><td>${placeHtml(course, stretch)}${stretch.what}</td></tr>\n`;
    start += stretch.minutes;
    return row;
  });
  return html`<div><h3>${name}</h3><p>${about}</p>
<div class="scroll" role="region" aria-label="${name}: plan" tabindex="0"><table class="plan">
<thead><tr><th scope="col" class="number">from</th><th scope="col" class="number">minutes</th><th scope="col">what</th></tr></thead>
<tbody>
${rows}</tbody></table></div></div>`;
}

function placeHtml(course: Course, { place }: Stretch): Html | null {
  if (place === null) return null;
  if (!place.endsWith('.html')) return html`<strong>${lessonLink(course, place)}</strong>: `;
  const name = place === 'index.html' ? 'front page' : place.replace('.html', '');
  return html`<strong><a href="${place}">${name}</a></strong>: `;
}

/** `1:05` after the start. */
function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function questionsHtml(course: Course): Html {
  return html`<ol class="discussion">${course.curriculum.discussion.map(
    ({ question, listenFor, lesson }) =>
      html`<li><p><strong>${question}</strong></p><details><summary>What to listen for<span class="visually-hidden">: ${question}</span></summary><p>${listenFor} Lesson: ${lessonLink(course, lesson)}.</p></details></li>\n`,
  )}</ol>`;
}
