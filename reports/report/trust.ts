import { foldedTable, tableHtml } from '../figures/figure-html.ts';
import { findingsHtml } from '../figures/findings.ts';
import { type RunPart, runParts } from '../figures/run-parts.ts';
import { type Html, html, section } from '../page/html.ts';
import { isAdvice } from '../record/advice.ts';
import { agreementInWords } from '../record/distance.ts';
import { count, counted, formatValue } from '../record/format.ts';
import type { Arm, RunRecord } from '../record/schema.ts';
import { cellText, tableOf } from '../record/table.ts';
import { sum } from '../record/tally.ts';
import { picturedArms, residencyDifferences } from './residency.ts';
import { picturedKeys } from './timeline.ts';

/** Why these numbers can be believed, what is doubtful, and how to get them again. */
export function trust(record: RunRecord): Html {
  const content = html`${warningsHtml(record)}
${theoryHtml(record)}
${
  record.arms.length > 0 &&
  html`<h3 id="audit">Audit and replay</h3>
${pictureCheck(record)}
${auditsHtml(runParts(record))}`
}
<h3 id="repeat">How to repeat it</h3>
<pre><code>${record.command}</code></pre>
<p>${
    record.arms.length > 0
      ? html`The seed is ${String(record.seed)}: the same seed gives the same keys in the same order. Which worker gets which request, and how long an answer takes, depends on the machine and differs from run to run.`
      : 'These figures were computed, not measured: the same command gives the same figures on every machine.'
  }</p>
<p class="needs-script"><button type="button" id="save-record">Save the record (JSON)</button> <button type="button" id="save-figures">Save the figures (CSV)</button></p>
${
  record.arms.length > 0 &&
  html`<h3>How the load was made</h3>
${loadHtml(record)}`
}
<h3>Where it ran</h3>
${environmentHtml(record)}`;
  return section('trust', 'Can this be trusted?', content);
}

function warningsHtml(record: RunRecord): Html {
  const warnings = record.warnings.filter((warning) => !isAdvice(warning));
  if (warnings.length === 0)
    return html`<p id="warnings">There are no warnings about this run.</p>`;
  return html`<div id="warnings">${warnings.map(
    ({ message, remedy }) =>
      html`<div class="warning"><p><strong>${message}</strong> ${remedy}</p></div>\n`,
  )}</div>`;
}

function theoryHtml(record: RunRecord): Html | null {
  const findings = record.verdict?.findings ?? [];
  if (findings.length === 0) return null;
  return html`<h3 id="theory">Compared with theory</h3>
<p>${agreementInWords(findings)}</p>
${findingsHtml(findings, 'Compared with theory')}`;
}

/** The picture is made from the replay; what the workers told at the end must be the same. */
function pictureCheck(record: RunRecord): Html | null {
  const arms = picturedArms(record);
  const keys = picturedKeys(record);
  if (arms.length === 0) return null;
  const differences = arms.reduce((sum, arm) => sum + residencyDifferences(arm, keys), 0);
  return differences === 0
    ? html`<p><strong class="good">The picture’s last state matches what the workers reported.</strong></p>`
    : html`<p><strong class="bad">${counted(differences, 'cell')} of the picture differ from what the workers said they held at the end.</strong></p>`;
}

/** What held is said once; what did not stands open. All of it can be unfolded. */
function auditsHtml(parts: readonly RunPart[]): Html {
  const doubtful = parts.filter(
    ({ phase: { audit, replay } }) =>
      !audit.clean || (replay !== null && replay.identical !== replay.responses),
  );
  const checks = sum(parts.map(({ phase }) => phase.audit.checks.length));
  const replayed = sum(parts.map(({ phase }) => phase.replay?.responses ?? 0));
  return html`${
    doubtful.length === 0
      ? html`<p><strong class="good">What the clients saw is what the workers counted.</strong> All of ${counted(checks, 'check')} hold${replayed > 0 && `, and all of ${counted(replayed, 'response')} came out the same from an exact model of the caches`}.</p>`
      : doubtful.map(auditHtml)
  }
<details><summary>Phase by phase</summary>
${parts.map(auditHtml)}</details>`;
}

function auditHtml({ label, phase }: RunPart): Html {
  const { audit, replay } = phase;
  return html`<h4>${label}</h4>
<p><strong class="${audit.clean ? 'good' : 'bad'}">${
    audit.clean
      ? 'What the clients saw is what the workers counted.'
      : 'What the clients saw is not what the workers counted. Do not use these figures.'
  }</strong> ${counted(audit.checks.filter((check) => check.holds).length, 'check')} of ${count(audit.checks.length)} hold.
${
  replay
    ? html`Replayed through an exact model of the caches, ${count(replay.identical)} of ${counted(replay.responses, 'response')} came out the same.${replay.firstDifference !== null && html` <span class="bad">First difference: ${replay.firstDifference}</span>`}`
    : 'The run was not replayed.'
}</p>
${foldedTable(
  'The checks',
  tableOf(audit.checks, [
    ['what', ({ name }) => name],
    ['worker', ({ slot }) => (slot === null ? 'all' : `worker ${slot}`)],
    ['clients saw', ({ seen }) => seen, 'count'],
    ['workers counted', ({ counted }) => counted, 'count'],
    ['holds', ({ holds }) => holds],
  ]),
  `Audit, ${label}`,
)}`;
}

/** What all arms have in common is said once; the table has what they differ in. */
function loadHtml({ arms }: RunRecord): Html {
  const table = tableOf(arms, [
    ['arm', ({ name, round }) => (round > 1 ? `${name}, round ${round}` : name)],
    ['workers', ({ workers }) => workers, 'count'],
    ['launcher', ({ launcher }) => launcher],
    ['backend', ({ backend }) => backend],
    ['routing', ({ routing }) => routing],
    ['connections', ({ connections }) => connections, 'count'],
    ['load', loadOf],
    ['keys', keysOf],
    ['cache of each worker', cacheOf],
    ['database delay', ({ originDelayMillis }) => `${originDelayMillis} ms`],
  ]);
  const differs = (_: unknown, at: number) =>
    table.rows.some((row) => row[at] !== table.rows[0]![at]);
  const common = table.columns.flatMap((column, at): [string, string][] =>
    at === 0 || differs(column, at) ? [] : [[column.label, cellText(table.rows[0]![at]!, column)]],
  );
  const differing = {
    columns: table.columns.filter(differs),
    rows: table.rows.map((row) => row.filter(differs)),
  };
  return html`${factsHtml(common)}
${differing.columns.length > 0 && tableHtml(differing, 'How the load was made')}`;
}

function loadOf({ ratePerSecond }: Arm): string {
  return ratePerSecond === null
    ? 'closed loop, as fast as the answers come'
    : `${ratePerSecond} requests/s offered`;
}

function keysOf({ workload: { keys, popularity, zipf } }: Arm): string {
  return `${keys} keys, ${popularity}${popularity === 'zipf' ? ` ${zipf}` : ''}`;
}

function cacheOf({ cache: { maxEntries, timeoutSeconds, cullFrequency } }: Arm): string {
  const timeout = timeoutSeconds === null ? 'never' : `${timeoutSeconds} s`;
  return `${maxEntries} entries, timeout ${timeout}, culls 1/${cullFrequency}`;
}

function environmentHtml(record: RunRecord): Html {
  const { environment } = record;
  const facts: [string, string][] = [
    ['processor', `${environment.cpu}, ${counted(environment.cores, 'core')}`],
    ['memory', formatValue(environment.memoryBytes, 'bytes')],
    ['system', `${environment.platform} ${environment.arch}`],
    ['Node', environment.node],
    ...Object.entries(environment.versions),
    ['run', record.id],
    ['took', formatValue(record.durationMillis / 1_000, 'seconds')],
  ];
  return factsHtml(facts);
}

function factsHtml(facts: readonly (readonly [name: string, value: string])[]): Html {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
