import { findingsHtml } from '../figures/findings.ts';
import { type Html, html } from '../page/html.ts';
import { verdictHtml } from '../page/verdict.ts';
import type { ClaimResult, ClaimVerdict, Course } from './course.ts';
import { coursePage, lessonLink } from './course-page.ts';

/** Each claim of the course with the verdict measured, and the findings behind it. */
export function claimsPage(course: Course): string {
  const count = (verdict: ClaimVerdict) =>
    course.claims.filter((claim) => claim.verdict === verdict).length;
  const rest = (['contradicted', 'illustrated', 'failed', 'not measured'] as const).filter(
    (verdict) => count(verdict) > 0,
  );
  return coursePage({
    file: 'claims.html',
    title: 'The claims, measured',
    lead: html`<b>${count('confirmed')}</b> of <b>${course.claims.length}</b> claims were confirmed on this machine${rest.map(
      (verdict) => html`; <b>${count(verdict)}</b> ${WORDS[verdict]}`,
    )}.`,
    body: html`<p>This course grew from articles on Django’s local-memory cache. Here is what they say, in our words.</p>
<ul>
<li><strong>Confirmed</strong>: theory gave the result beforehand, and a run agreed.</li>
<li><strong>Contradicted</strong>: a run disagreed with theory.</li>
<li><strong>Illustrated</strong>: it was only measured, or the lab’s own code makes it so. That shows what the claim means but proves nothing.</li>
</ul>
<ol class="runs">${course.claims.map((claim) => claimHtml(course, claim))}</ol>`,
  });
}

const WORDS = {
  contradicted: 'contradicted',
  illustrated: 'illustrated',
  failed: 'not shown, because a run failed',
  'not measured': 'not measured',
};

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
${findings.length > 0 && html`<details><summary>What was measured<span class="visually-hidden"> for ${claim.id}</span></summary>${findingsHtml(findings, `Findings on ${claim.id}`)}</details>`}
</div></li>
`;
}
