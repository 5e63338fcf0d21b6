import { type Html, html, section } from '../page/html.ts';
import type { Advice, Course, Question } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';
import { proseColumn } from './prose.ts';

/** Whether a local-memory cache is right for the reader: four questions, and the advice they lead to. */
export function closingPage(course: Course): string {
  const { questions, advice } = course.curriculum.decision;
  return coursePage({
    file: 'closing.html',
    title: 'Is a local-memory cache right for you?',
    lead: 'It is neither good nor bad. Four questions decide, and no benchmark can answer them for you.',
    body: html`${section(
      'questions',
      'Four questions',
      html`<div id="decision" class="decision">${questions.map(questionHtml)}</div>
<p class="decision-said needs-script" role="status"><span id="decision-said"></span></p>`,
    )}
${section(
  'advice',
  'What follows',
  html`<p>Read from the top: the first line that fits you applies.</p>
<ol class="advice">${advice.map((line) => adviceHtml(course, line))}</ol>`,
)}
<section id="suits" class="columns" aria-label="Where it suits">
${proseColumn('suits')}${proseColumn('suits-not')}</section>`,
  });
}

function adviceHtml(course: Course, { when, whenText, what, why, lessons }: Advice): Html {
  return html`<li data-when="${when}">
<p class="when">${whenText}</p>
<p><strong>${what}</strong> ${why}</p>
<p class="run-facts"><span>Shown by ${lessons.map((name, index) => html`${index > 0 && ', '}${lessonLink(course, name)}`)}</span></p>
</li>
`;
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
