import { runParts } from '../figures/run-parts.ts';
import { escapeText, Html, html } from '../page/html.ts';
import { agreementInWords } from '../record/distance.ts';
import { count, counted } from '../record/format.ts';
import type { RunRecord } from '../record/schema.ts';
import { sum } from '../record/tally.ts';

/** The question and what came out, with what speaks for it and what against. */
export function opening(record: RunRecord): Html {
  return html`<div class="opening">
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
</div>
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
    const { agreement, findings } = record.verdict;
    const words = agreementInWords(findings).replace(/\.$/, '');
    said.push([agreement === 'agrees', words || `${agreement} with theory`, 'theory']);
  }
  if (parts.length > 0) {
    const clean = parts.every(({ phase }) => phase.audit.clean);
    said.push([clean, clean ? 'audit clean' : 'audit failed', 'audit']);
  }
  const replays = parts.map(({ phase }) => phase.replay).filter((replay) => replay !== null);
  if (replays.length > 0) {
    const alike = sum(replays.map(({ identical }) => identical));
    const all = sum(replays.map(({ responses }) => responses));
    const share = alike === all ? '' : `${count(alike)} of `;
    said.push([alike === all, `${share}${counted(all, 'response')} replayed alike`, 'audit']);
  }
  if (record.warnings.length > 0) {
    said.push([false, counted(record.warnings.length, 'warning'), 'warnings']);
  }
  return said.map(
    ([good, text, target]) =>
      html`<li><a href="#${target}" class="${good ? 'good' : 'doubt'}">${good ? '✓' : '!'} ${text}</a></li>`,
  );
}
