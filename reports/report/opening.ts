import { runParts } from '../figures/run-parts.ts';
import { escapeText, Html, html } from '../page/html.ts';
import { isAdvice } from '../record/advice.ts';
import { agreementInWords } from '../record/distance.ts';
import { count, counted, formatValue } from '../record/format.ts';
import type { RunRecord } from '../record/schema.ts';
import { sum } from '../record/tally.ts';

/** The question in one line, and whether the run came to its end. */
export function question(record: RunRecord): Html {
  return html`<div class="opening">
${
  record.status !== 'complete' &&
  html`<div class="warning"><p><strong>This run is ${record.status}.</strong> ${record.failure}</p></div>`
}
<h1>${record.scenario.question}</h1>
</div>
`;
}

/** Up to three figures, large: before and after what the run is about. */
export function headline({ verdict }: RunRecord): Html | null {
  if (!verdict?.headline) return null;
  const { before, after, figures } = verdict.headline;
  return html`<dl class="headline">${figures.map(
    ({ label, format, ...values }) =>
      html`<div><dt>${label}</dt><dd><span class="before">${formatValue(values.before, format)}</span> <span class="to" role="img" aria-label="to">→</span> <span class="after">${formatValue(values.after, format)}</span></dd></div>\n`,
  )}<div class="headline-of"><dt class="visually-hidden">compared</dt><dd>${before} → ${after}</dd></div></dl>
`;
}

/** The sentence in full, with what speaks for it and what against. */
export function conclusion(record: RunRecord): Html {
  return html`<div class="conclusion">
<p class="verdict" id="verdict">${
    record.verdict
      ? withFigures(record.verdict.sentence)
      : 'There is no verdict: the run did not get that far.'
  }</p>
<ul class="assurances">${assurances(record)}</ul>
${record.warnings.filter(isAdvice).map(({ message, remedy }) => html`<p class="quiet">${message} ${remedy}</p>`)}
</div>
`;
}

/** The sentence with its figures set off; digits that belong to a name are none. */
function withFigures(sentence: string): Html {
  const marked = sentence
    .split(/(?<![\w-])(\d[\d.,]*\d|\d)(?!\w)(\s?%)?/)
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
  const warnings = record.warnings.filter((warning) => !isAdvice(warning));
  if (warnings.length > 0) said.push([false, counted(warnings.length, 'warning'), 'warnings']);
  return said.map(
    ([good, text, target]) =>
      html`<li><a href="#${target}" class="${good ? 'good' : 'doubt'}">${good ? '✓' : '!'} ${text}</a></li>`,
  );
}
