import { documentHtml } from '../page/document.ts';
import { type Html, html, section } from '../page/html.ts';
import { verdictHtml } from '../page/verdict.ts';
import { isAdvice } from '../record/advice.ts';
import { counted, formatValue } from '../record/format.ts';
import type { RunHead } from '../record/schema.ts';
import { COMPARISONS, COURSE, type ListedRun, type RunList } from './run-list.ts';

/** The list of all runs as a page that stands in their folder. */
export function indexPage(list: RunList): string {
  const { runs, comparisons, strangers, hasCourse } = list;
  return documentHtml({
    title: 'Runs of the lab',
    description: `${runs.length} runs with their verdicts, newest first.`,
    name: 'runs',
    links: [
      ...(hasCourse ? [{ href: `${COURSE}/index.html`, name: 'The course' }] : []),
      ...(comparisons.length > 0 ? [{ href: '#comparisons', name: 'Comparisons' }] : []),
      ...(strangers.length > 0 ? [{ href: '#strangers', name: 'Other folders' }] : []),
    ],
    body: html`<div class="opening"><h1>${runs.length === 0 ? 'No runs yet' : counted(runs.length, 'run')}</h1>
<p class="verdict">${
      runs.length === 0
        ? html`<code>npm run lab -- --workers 4</code> makes the first.`
        : 'Newest first. Each report is one file that works offline.'
    }</p></div>
${runs.length > 0 && html`<ol class="runs">${runs.map(runHtml)}</ol>`}
${comparisonsHtml(comparisons)}
${strangersHtml(strangers)}`,
    footer: html`<p>Every run keeps this list up to date; <code>npm run lab -- index</code> rebuilds it.</p>`,
  });
}

function runHtml({ folder, head, hasReport }: ListedRun): Html {
  const place = encodeURIComponent(folder);
  const { name, question } = head.scenario;
  const warnings = head.warnings.filter((warning) => !isAdvice(warning));
  return html`<li>
<p class="run-mark">${verdictHtml(outcomeOf(head))}</p>
<div>
<h2>${hasReport ? html`<a href="${place}/report.html">${question}</a>` : question}</h2>
<p>${head.verdict?.sentence ?? endHtml(head)}</p>
<p class="run-facts"><span>${name}</span> <time datetime="${head.startedAt}">${when(head.startedAt)}</time> <span>${formatValue(head.durationMillis / 1_000, 'seconds')}</span>${
    warnings.length > 0 && html` <span>${counted(warnings.length, 'warning')}</span>`
  } <a href="${place}/record.json">record<span class="visually-hidden"> of ${head.id}</span></a></p>
</div>
</li>
`;
}

function outcomeOf({ status, verdict }: RunHead): string {
  if (status === 'running') return 'not ended';
  return status === 'complete' ? (verdict?.agreement ?? 'not judged') : status;
}

function endHtml({ status, failure }: RunHead): string {
  if (failure !== null) return failure;
  return status === 'running'
    ? 'It is still running, or something else ended it.'
    : 'There is no verdict.';
}

function comparisonsHtml(names: readonly string[]): Html | null {
  if (names.length === 0) return null;
  return section(
    'comparisons',
    'Comparisons',
    html`<ul>${names.map(
      (
        name,
      ) => html`<li><a href="${COMPARISONS}/${encodeURIComponent(name)}">${name.replace(/\.html$/, '')}</a></li>
`,
    )}</ul>`,
  );
}

function strangersHtml(strangers: RunList['strangers']): Html | null {
  if (strangers.length === 0) return null;
  return section(
    'strangers',
    'Other folders',
    html`<p>These folders hold no run that this lab can read.</p>
<dl class="facts">${strangers.map(
      ({ folder, problem }) => html`<dt><code>${folder}</code></dt><dd>${problem}</dd>
`,
    )}</dl>`,
  );
}

/** `2026-11-20 09:47 UTC`: the same wherever the page is made or read. */
function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
