import { Html, html } from '../../page/html.ts';
import type { RunRecord } from '../../record/schema.ts';
import { markdownFor } from './markdown.ts';
import { type Exercise, type Lesson, parseLesson } from './parse.ts';

/** A lesson as the sections of a page; `null` where the record's lesson has none. */
export type LessonSections = ReturnType<typeof lessonSections>;

/** The lesson of a record, with the record's figures in its sentences. */
export function lessonSections(record: RunRecord) {
  const lesson = parseLesson(record.scenario.lesson);
  const markdown = markdownFor(record);
  const { predict, whatYouSee, why, exercises, instructor } = lesson;
  const prose = (text: string | null, around: (prose: Html) => Html = (prose) => prose) =>
    text === null ? null : around(html`<div class="prose">${markdown(text)}</div>`);
  return {
    introduction: introduction(lesson, markdown),
    predict: predict && predictHtml(predict, markdown),
    whatYouSee: prose(whatYouSee),
    explanation: prose(
      why,
      (text) =>
        html`<section id="why" aria-labelledby="why-title"><h2 id="why-title">Why</h2>${text}</section>`,
    ),
    exercises:
      exercises.length === 0
        ? null
        : html`<section id="exercises" aria-labelledby="exercises-title"><h2 id="exercises-title">Exercises</h2>
${exercises.map((exercise) => exerciseHtml(exercise, markdown))}</section>`,
    closing: closing(lesson, markdown),
    instructor: prose(
      instructor,
      (text) =>
        html`<section id="instructor-notes" class="instructor" aria-labelledby="instructor-title"><h2 id="instructor-title">For the instructor</h2>${text}</section>`,
    ),
  };
}

type Markdown = (text: string) => Html;

function introduction(lesson: Lesson, markdown: Markdown): Html | null {
  if (!lesson.objectives && !lesson.run && !lesson.minutes) return null;
  return html`<section id="lesson" class="introduction" aria-labelledby="lesson-title">
<h2 id="lesson-title">The lesson</h2>
<div class="columns">
${lesson.question && html`<div class="prose lead">${markdown(lesson.question)}</div>`}
<div>
${lesson.objectives && html`<h3>Afterwards you can</h3><div class="prose">${markdown(lesson.objectives)}</div>`}
</div>
<div>
${lesson.minutes && html`<h3>Minutes</h3><div class="prose">${markdown(lesson.minutes)}</div>`}
${lesson.run && html`<h3>Run it yourself</h3><div class="prose">${markdown(lesson.run)}</div>`}
</div>
</div></section>`;
}

/**
 * Without JavaScript everything is open: the answers and why they are right or wrong, and the
 * figures below. With it the figures open with the answer.
 */
function predictHtml(prediction: NonNullable<Lesson['predict']>, markdown: Markdown): Html {
  return html`<section id="predict" class="predict" aria-labelledby="predict-title">
<h2 id="predict-title">Predict first</h2>
<div class="prose">${markdown(prediction.prompt)}</div>
<ol class="answers">
${prediction.answers.map(
  (answer, index) => html`<li>
<button type="button" class="answer" data-right="${answer.right ? 'yes' : 'no'}" aria-describedby="because-${index + 1}"><span>${markdownInline(answer.text, markdown)}</span></button>
<div class="because" id="because-${index + 1}"><p class="judgement">${answer.right ? '✓ Right.' : '✗ Not this one.'}</p>${markdown(answer.because)}</div>
</li>\n`,
)}</ol>
<p class="needs-script predict-end"><span id="predict-said" role="status"></span> <button type="button" id="predict-skip" class="plain">Show the figures without an answer</button></p>
</section>`;
}

/** A paragraph's content alone, for places that cannot hold a paragraph. */
function markdownInline(text: string, markdown: Markdown): Html {
  const { text: block } = markdown(text);
  return new Html(block.trim().replace(/^<p>|<\/p>$/g, ''));
}

function exerciseHtml(exercise: Exercise, markdown: Markdown): Html {
  return html`<article class="exercise"><h3>${exercise.title}</h3>
<div class="prose">${markdown(exercise.text)}</div>
${exercise.hints.map(
  (hint, index) =>
    html`<details><summary>Hint${exercise.hints.length > 1 && ` ${index + 1}`}<span class="visually-hidden"> to: ${exercise.title}</span></summary><div class="prose">${markdown(hint)}</div></details>\n`,
)}${
  exercise.solution &&
  html`<details><summary>Solution<span class="visually-hidden"> of: ${exercise.title}</span></summary><div class="prose">${markdown(exercise.solution)}</div></details>`
}
</article>\n`;
}

function closing(lesson: Lesson, markdown: Markdown): Html | null {
  if (!lesson.keyPoints && !lesson.seenInTheWild) return null;
  return html`<section id="key-points" class="columns closing" aria-label="Key points">
${lesson.keyPoints && html`<div><h2>Key points</h2><div class="prose">${markdown(lesson.keyPoints)}</div></div>`}
${lesson.seenInTheWild && html`<div><h2>Seen in the wild</h2><div class="prose">${markdown(lesson.seenInTheWild)}</div></div>`}
</section>`;
}
