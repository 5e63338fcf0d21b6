import { tableHtml } from '../figures/figure-html.ts';
import { type Html, html } from '../page/html.ts';
import { verdictHtml } from '../page/verdict.ts';
import { allowance, inUnit } from '../record/estimate.ts';
import type { Finding } from '../record/schema.ts';
import { tableOf } from '../record/table.ts';
import type { ClaimResult, Course } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';

/** Each claim of the course with the verdict measured, and the findings behind it. */
export function claimsPage(course: Course): string {
  const count = (verdict: ClaimResult['verdict']) =>
    course.claims.filter((claim) => claim.verdict === verdict).length;
  const refuted = count('disagrees') + count('failed');
  const open = count('not measured') + count('not judged');
  return coursePage({
    file: 'claims.html',
    title: 'The claims, measured',
    lead: html`<b>${count('agrees')}</b> of <b>${course.claims.length}</b> claims were confirmed on this machine${
      refuted > 0 && html`; <b>${refuted}</b> not confirmed`
    }${open > 0 && html`; <b>${open}</b> not measured`}.`,
    body: html`<p>This course grew from articles on Django’s local-memory cache. Here is what they say, in our words. “Agrees” means: theory said what to expect, it was measured, and the two agree within the tolerance stated.</p>
<ol class="runs">${course.claims.map((claim) => claimHtml(course, claim))}</ol>`,
  });
}

function claimHtml(course: Course, { claim, verdict, shownBy }: ClaimResult): Html {
  const findings = shownBy.flatMap((run) =>
    run.findings.map((finding) => ({ ...finding, scenario: run.scenario })),
  );
  return html`<li id="${claim.id}">
<p class="run-mark">${claim.id}<br>${verdictHtml(verdict)}</p>
<div>
<h2>${claim.text}</h2>
${claim.remark && html`<p><strong>Not the whole truth:</strong> ${claim.remark}</p>`}
<p class="run-facts">${
    shownBy.length > 0 &&
    html`<span>Shown by ${shownBy.map(
      (run, index) =>
        html`${index > 0 && ', '}${lessonLink(course, run.scenario)} (${verdictHtml(run.verdict)})`,
    )}</span>`
  } ${claim.elsewhere && html`<span>Answered on ${claim.elsewhere}</span>`}</p>
${findings.length > 0 && html`<details><summary>What was measured<span class="visually-hidden"> for ${claim.id}</span></summary>${findingsTable(findings, claim.id)}</details>`}
</div></li>
`;
}

function findingsTable(
  findings: readonly (Finding & { readonly scenario: string })[],
  id: string,
): Html {
  return tableHtml(
    tableOf(findings, [
      ['lesson', ({ scenario }) => scenario],
      ['what', ({ what }) => what],
      ['measured', ({ measured, unit }) => inUnit(measured, unit)],
      ['expected', ({ expected, unit }) => inUnit(expected?.value ?? null, unit)],
      ['allowed', allowance],
      ['agrees', ({ agrees }) => agrees],
    ]),
    `Findings on ${id}`,
  );
}
