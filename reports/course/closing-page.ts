import { type Html, html } from '../page/html.ts';
import type { Course, Question } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';

/** Whether a local-memory cache is right for the reader: four questions, and the advice they lead to. */
export function closingPage(course: Course): string {
  const { questions, advice } = course.curriculum.decision;
  return coursePage({
    file: 'closing.html',
    title: 'Is a local-memory cache right for you?',
    lead: 'It is neither good nor bad. Four questions decide, and no benchmark can answer them for you.',
    body: html`<section id="questions" aria-labelledby="questions-title"><h2 id="questions-title">Four questions</h2>
<div id="decision" class="decision">${questions.map(questionHtml)}</div>
<p class="decision-said needs-script" role="status"><span id="decision-said"></span></p></section>
<section id="advice" aria-labelledby="advice-title"><h2 id="advice-title">What follows</h2>
<p>Read from the top: the first line that fits you holds.</p>
<ol class="advice">${advice.map(
      ({ when, whenText, what, why, lessons }) => html`<li data-when="${when}">
<p class="when">${whenText}</p>
<p><strong>${what}</strong> ${why}</p>
<p class="run-facts"><span>Shown by ${lessons.map((name, index) => html`${index > 0 && ', '}${lessonLink(course, name)}`)}</span></p>
</li>\n`,
    )}</ol></section>
${suitsHtml()}`,
  });
}

function questionHtml({ id, text, hint, answers }: Question, index: number): Html {
  return html`<fieldset><legend>${index + 1}. ${text}</legend>
<p class="hint" id="hint-${id}">${hint}</p>
${answers.map(
  (answer) =>
    html`<label><input type="radio" name="${id}" value="${answer.id}" aria-describedby="hint-${id}"> ${answer.text}</label>\n`,
)}</fieldset>
`;
}

function suitsHtml(): Html {
  return html`<section id="suits" class="columns" aria-label="Where it suits">
<div><h2>Where it suits</h2><div class="prose"><ul>
<li>Development: nothing to install, and nothing left over from yesterday.</li>
<li>Tests: each process is alone, so tests that run side by side do not disturb each other.</li>
<li>One process whose cache may be lost.</li>
<li>A small near cache in front of a shared one.</li>
</ul></div></div>
<div><h2>Where it does not</h2><div class="prose"><ul>
<li>Logins, rate limits, counters, locks: whatever several processes must agree on.</li>
<li>Pages that must be fresh for everybody once they were changed.</li>
<li>A database that is safe only as long as a warm cache stands before it.</li>
<li>Content that fills the memory of one process, kept once per process.</li>
</ul></div></div>
</section>`;
}
