import type { RunRecord } from '../record.ts';
import { plural } from './format.ts';
import { escapeText, Html, html } from './html.ts';
import { runParts } from './run-parts.ts';

/** The page's head line: what this is, and the switch between light and dark. */
export function topBar(record: RunRecord, links: readonly (readonly [string, string])[]): Html {
  return html`<div class="top">
<span class="mark"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1 1h6v6H1z"/><path class="copy" d="M9 1h6v6H9zM1 9h6v6H1zM9 9h6v6H9z"/></svg>${record.scenario.name}</span>
<nav aria-label="On this page">${links.map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</nav>
<button type="button" class="needs-script" id="theme">Dark</button>
</div>
`;
}

/** The question and what came out, with what speaks for it and what against. */
export function opening(record: RunRecord): Html {
  return html`<header class="opening">
${
  record.status !== 'complete' &&
  html`<div class="warning"><p><strong>This run is ${record.status}.</strong> ${record.failure}</p></div>`
}
<h1>${record.scenario.question}</h1>
<div><p class="verdict" id="verdict">${
    record.verdict
      ? withFigures(record.verdict.sentence)
      : 'There is no verdict: the run did not get so far.'
  }</p>
<ul class="assurances">${assurances(record)}</ul></div>
</header>
`;
}

/** The sentence with its figures set off. */
function withFigures(sentence: string): Html {
  const marked = sentence
    .split(/(\d[\d.,]*\d|\d)(\s?%)?/)
    .map((part, index, parts) => {
      if (index % 3 === 1) return `<b>${escapeText(part + (parts[index + 1] ?? ''))}</b>`;
      return index % 3 === 0 ? escapeText(part) : '';
    })
    .join('');
  return new Html(marked);
}

function assurances(record: RunRecord): Html[] {
  const parts = runParts(record);
  const said: (readonly [good: boolean, text: string, target: string])[] = [];
  if (record.verdict && record.verdict.agreement !== 'not judged') {
    const agrees = record.verdict.agreement === 'agrees';
    said.push([agrees, agrees ? 'agrees with theory' : 'disagrees with theory', 'theory']);
  }
  if (parts.length > 0) {
    const clean = parts.every(({ phase }) => phase.audit.clean);
    said.push([clean, clean ? 'audit clean' : 'audit failed', 'audit']);
  }
  const replays = parts.map(({ phase }) => phase.replay).filter((replay) => replay !== null);
  if (replays.length > 0) {
    const differs = replays.some((replay) => replay.identical < replay.responses);
    said.push([!differs, differs ? 'replay differs' : 'every response replayed alike', 'audit']);
  }
  if (record.warnings.length > 0) {
    said.push([false, plural(record.warnings.length, 'warning'), 'warnings']);
  }
  return said.map(
    ([good, text, target]) =>
      html`<li><a href="#${target}" class="${good ? 'good' : 'doubt'}">${good ? '✓' : '!'} ${text}</a></li>`,
  );
}
