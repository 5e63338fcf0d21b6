import { type Html, html } from '../page/html.ts';
import { AUTHORITY, distance } from '../record/distance.ts';
import { inUnit } from '../record/estimate.ts';
import type { Finding } from '../record/schema.ts';
import { cellText } from '../record/table.ts';

/** What is true of every run, what chance or an allowance leaves open, and what nobody foretold. */
const GROUPS = [
  {
    title: 'Exact',
    about: 'Identities: every run must give exactly these.',
    holds: ({ expected }: Finding) => expected?.interval.kind === 'exact',
  },
  {
    title: 'Statistics',
    about:
      'Chance moves these: 1 fair figure in 10,000 is further off than the chance allowance. A tolerance is an allowance with a reason, not a probability.',
    holds: ({ expected }: Finding) => expected !== null && expected.interval.kind !== 'exact',
  },
  {
    title: 'Only measured',
    about: 'Nothing was expected of these, so they agree with nothing.',
    holds: ({ expected }: Finding) => expected === null,
  },
];

/** A finding, and the lesson that it is from where there are several. */
type Shown = Finding & { readonly scenario?: string };

/** What was held against theory, in three groups: exact, statistics, only measured. */
export function findingsHtml(findings: readonly Shown[], label: string): Html {
  return html`<div class="findings">${GROUPS.map(({ title, about, holds }) => {
    const rows = findings.filter(holds);
    return (
      rows.length > 0 &&
      html`<table class="some-columns"><caption><strong>${title}</strong> ${about}<span class="visually-hidden"> ${label}</span></caption>
<thead><tr><th scope="col">what</th><th scope="col">measured</th><th scope="col">expected</th><th scope="col">how far apart</th><th scope="col">agrees</th></tr></thead>
<tbody>${rows.map(rowHtml)}</tbody></table>
`
    );
  })}</div>`;
}

function rowHtml(finding: Shown): Html {
  const { what, claim, scenario, measured, expected, unit, agrees } = finding;
  const from = [scenario, claim].filter((one) => one).join(', ');
  const mark = agrees === null ? 'quiet' : agrees ? 'good' : 'bad';
  return html`<tr><th scope="row">${what}${from !== '' && html` <span class="quiet">(${from})</span>`}${
    expected && html`<small>${AUTHORITY[expected.by]}: ${expected.source}</small>`
  }</th><td data-label="measured">${inUnit(measured, unit)}</td><td data-label="expected">${inUnit(expected?.value ?? null, unit)}</td><td data-label="how far apart">${distance(finding)}</td><td data-label="agrees"><strong class="${mark}">${cellText(agrees, { label: '', format: null })}</strong></td></tr>
`;
}
