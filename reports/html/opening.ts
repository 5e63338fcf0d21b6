import type { Arm, RunRecord } from '../record.ts';
import { formatPercent, formatValue } from './format.ts';
import { type Html, html } from './html.ts';
import { residencyBlocks } from './residency.ts';
import { baselineArm, largestArm } from './run-parts.ts';

/** The first screen: the question, the verdict, and the picture of what each cache holds. */
export function opening(record: RunRecord): Html {
  const arms = new Set([baselineArm(record), largestArm(record)].filter((arm) => arm !== null));
  return html`<div class="top"><span>${record.scenario.name} · ${record.startedAt.slice(0, 16).replace('T', ' ')} UTC</span>
<button type="button" class="needs-script" id="theme">Dark</button></div>
<main id="top">
<header>
<h1>${record.scenario.question}</h1>
${verdictHtml(record)}
</header>
<section id="picture" aria-labelledby="picture-title">
<h2 id="picture-title">Who holds what</h2>
<p>A cell is a key, in the same place in every block; a block is what one worker holds in its own memory.</p>
<div class="arms">${[...arms].map(armPicture)}</div>
</section>
`;
}

function verdictHtml(record: RunRecord): Html {
  return html`${
    record.status !== 'complete' &&
    html`<div class="warning" role="note"><p><strong>This run is ${record.status}.</strong> ${record.failure}</p></div>`
  }
<p class="verdict" id="verdict">${record.verdict?.sentence ?? 'There is no verdict: the run did not get so far.'}</p>
${
  record.warnings.length > 0 &&
  html`<p><a href="#warnings">${record.warnings.length} ${record.warnings.length === 1 ? 'doubt' : 'doubts'} about this run</a></p>`
}`;
}

function armPicture(arm: Arm): Html {
  const phase = arm.phases.findLast((candidate) => candidate.residency !== null);
  const { totals } = phase ?? arm.phases.at(-1)!;
  return html`<div class="arm">
<h3>${arm.name}</h3>
<dl class="figures-row">
<div><dt>hit rate</dt><dd>${formatPercent(totals.hitRate)}</dd></div>
<div><dt>unique entries</dt><dd>${formatValue(totals.uniqueEntries, 'count')}</dd></div>
<div><dt>total entries</dt><dd>${formatValue(totals.entries, 'count')}</dd></div>
<div><dt>duplication factor</dt><dd>${formatValue(totals.duplicationFactor, 'number')}</dd></div>
</dl>
${phase?.residency && residencyBlocks(arm, phase.residency)}
</div>`;
}
