import { type Html, html } from '../page/html.ts';
import type { Course, Stretch, Workshop } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';

/** For who teaches it: timing, what goes wrong at the start, what to ask the room. */
export function instructorPage(course: Course): string {
  return coursePage({
    file: 'instructor.html',
    title: 'Instructor’s guide',
    lead: 'Ask for a prediction before each figure, and let people commit to it. What surprises is remembered.',
    body: html`<section id="workshops" aria-labelledby="workshops-title"><h2 id="workshops-title">Timing</h2>
<p>Each lesson has notes of its own: put <code>#instructor</code> behind its address, or <code>#all+instructor</code> to see everything. Run each lesson once on the machine with the projector, the day before.</p>
<div class="columns">${course.curriculum.workshops.map((workshop) => workshopHtml(course, workshop))}</div></section>
${howToHtml()}
${troubleHtml()}
${questionsHtml(course)}`,
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

function howToHtml(): Html {
  return html`<section id="how" aria-labelledby="how-title"><h2 id="how-title">How a lesson goes</h2><div class="prose"><ol>
<li><strong>Ask.</strong> Read the question aloud. Everybody chooses an answer, by a show of hands or on paper. Do not comment.</li>
<li><strong>Run.</strong> Start the command on the projector. It takes seconds; tell meanwhile what is being started.</li>
<li><strong>Show.</strong> Open the report. Verdict first, then the picture; move the slider slowly. Only then the charts.</li>
<li><strong>Explain.</strong> Come back to the wrong answers: under each stands why a thoughtful person gives it.</li>
<li><strong>Limit.</strong> Say what the run does not show. The worst that people can take home is “several workers, always a worse hit rate”.</li>
</ol></div></section>`;
}

const TROUBLE: readonly (readonly [string, Html])[] = [
  [
    'npm ci fails, or says that Node is too old.',
    html`Node 20.19 or newer with npm 10 or newer is needed to install; what the lab itself runs on comes with the packages. <code>node --version</code> tells.`,
  ],
  [
    'There is no network in the room.',
    html`Hand out the course folder on a USB stick: it needs a browser and nothing else. Who wants to run lessons has to do <code>npm ci</code> at home.`,
  ],
  [
    'Windows.',
    html`Use WSL, with the project inside its own file system and not under <code>/mnt/c</code>.`,
  ],
  [
    'The path of a Unix socket is too long.',
    html`The machine’s folder for temporary files is too deep. <code>TMPDIR=/tmp npm run lab</code> helps.`,
  ],
  [
    'A port is taken.',
    html`It is only where <code>--port</code> was given: leave it out, and a free one is chosen.`,
  ],
  [
    'One worker got nothing to do.',
    html`There are fewer connections than workers, or the kernel was uneven. The lab warns, and the hit rate of that worker is unknown. <code>--connections 40</code> or <code>--routing fresh</code>.`,
  ],
  [
    'Figures differ from those of the neighbour.',
    html`They should. The keys are the same, by the seed; which worker is given which connection is not. Compare the two runs: <code>npm run lab -- compare A B</code>.`,
  ],
  [
    'Redis or Memcached is missing.',
    html`Only the comparison needs them. <code>npm run lab -- course --check</code> names the command that installs them.`,
  ],
];

function troubleHtml(): Html {
  return html`<section id="trouble" aria-labelledby="trouble-title"><h2 id="trouble-title">Set-up trouble</h2>
<p>Ask everybody to run <code>npm run lab -- course --check</code> some days before.</p>
<dl class="glossary">${TROUBLE.map(([what, remedy]) => html`<div><dt>${what}</dt><dd>${remedy}</dd></div>\n`)}</dl></section>`;
}

function questionsHtml(course: Course): Html {
  return html`<section id="discussion" aria-labelledby="discussion-title"><h2 id="discussion-title">Questions for discussion</h2>
<ol class="discussion">${course.curriculum.discussion.map(
    ({ question, listenFor, lesson }) =>
      html`<li><p><strong>${question}</strong></p><details><summary>What to listen for<span class="visually-hidden">: ${question}</span></summary><p>${listenFor} Lesson: ${lessonLink(course, lesson)}.</p></details></li>\n`,
  )}</ol></section>`;
}
