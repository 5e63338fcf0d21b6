import { Html, html, section } from '../../page/html.ts';
import type { RunRecord } from '../../record/schema.ts';
import { markdownFor } from './markdown.ts';
import { type Exercise, type Heading, type Prediction, parseLesson } from './parse.ts';

/**
 * The lesson of a record as the sections of a page, with the record's figures in its sentences;
 * `null` where the lesson has none.
 */
export function lessonSections(record: RunRecord) {
  const { texts, predict, exercises } = parseLesson(record.scenario.lesson);
  const markdown = markdownFor(record);
  const prose = (heading: Heading, look = 'prose') => {
    const text = texts[heading];
    return text === null ? null : html`<div class="${look}">${markdown(text)}</div>`;
  };
  const under = (title: Html, text: Html | null) => text && html`${title}${text}`;
  const goals = under(html`<h3>Afterwards you can</h3>`, prose('Objectives'));
  const minutes = under(html`<h3>Minutes</h3>`, prose('Minutes'));
  const run = under(html`<h3>Run it yourself</h3>`, prose('Run'));
  const keyPoints = under(html`<h2>Key points</h2>`, prose('Key points'));
  const wild = under(html`<h2>Seen in the wild</h2>`, prose('Seen in the wild'));
  const [why, stack, notes] = [prose('Why'), prose('In your stack'), prose('Instructor')];
  const introduction = html`<div class="columns">
${prose('Question', 'prose lead')}
<div>${goals}</div>
<div>${minutes}${run}</div>
</div>`;
  return {
    introduction:
      (goals || minutes || run) &&
      section('lesson', 'The lesson', introduction, { look: 'introduction' }),
    predict: predict && predictHtml(predict, markdown),
    whatYouSee: prose('What you see'),
    explanation: why && section('why', 'Why', why),
    exercises:
      exercises.length === 0
        ? null
        : section(
            'exercises',
            'Exercises',
            exercises.map((exercise) => exerciseHtml(exercise, markdown)),
          ),
    stack: stack && section('stack', 'In your stack', stack),
    closing:
      (keyPoints || wild) &&
      html`<section id="key-points" class="columns closing" aria-label="Key points">
${[keyPoints, wild].map((part) => part && html`<div>${part}</div>`)}</section>`,
    instructor:
      notes && section('instructor-notes', 'For the instructor', notes, { look: 'instructor' }),
  };
}

type Markdown = (text: string) => Html;

/**
 * Without JavaScript everything is open: the answers and why they are right or wrong, and the
 * figures below. With it the figures open with the answer.
 */
function predictHtml(prediction: Prediction, markdown: Markdown): Html {
  const content = html`<div class="prose">${markdown(prediction.prompt)}</div>
<ol class="answers">
${prediction.answers.map(
  (answer, index) => html`<li>
<button type="button" class="answer" data-right="${answer.right ? 'yes' : 'no'}" aria-describedby="because-${index + 1}"><span>${markdownInline(answer.text, markdown)}</span></button>
<div class="because" id="because-${index + 1}"><p class="judgement">${answer.right ? '✓ Right.' : '✗ Not this one.'}</p>${markdown(answer.because)}</div>
</li>\n`,
)}</ol>
<p class="needs-script predict-end"><span id="predict-said" role="status"></span> <button type="button" id="predict-skip" class="plain">Show the figures without an answer</button></p>
`;
  return section('predict', 'Predict first', content, { look: 'predict' });
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
