import { workerColour } from '../figures/figure.ts';
import { figureHtml } from '../figures/figure-html.ts';
import { baselineArm } from '../figures/run-parts.ts';
import { type Html, html, section } from '../page/html.ts';
import { mostTelling } from '../record/arms.ts';
import type { Arm, RunRecord } from '../record/schema.ts';
import { type ColumnOf, tableOf } from '../record/table.ts';
import { type ArmTrace, armTrace, STRIP_MARKS, type StripMark } from './arm-trace.ts';
import { scrubber } from './scrubber.ts';

/** Request by request: for the baseline and the largest arm, where the record has a trace. */
export function traceStrips(record: RunRecord): Html | null {
  const arms = [...new Set([baselineArm(record), mostTelling(record.arms) ?? null])].filter(
    (arm): arm is Arm => !!arm && hasLookups(armTrace(arm)),
  );
  if (arms.length === 0) return null;
  const content = html`<p>A column is a request, in the order sent; its mark stands in the row of the worker that answered. The slider moves through them.</p>
${scrubber()}
<p class="legend">${MARK_NAMES.map(
    ([mark, name]) =>
      html`<span><svg class="mark-key" viewBox="0 0 8 20" aria-hidden="true"><path class="mark-${mark}" d="${MARK_SHAPE[mark] ?? 'M4 5v13'}"/>${mark === 'avoidable' && html`<path class="mark-cold" d="M4 6v12"/>`}</svg>${name}</span> `,
  )}</p>
${arms.map((arm) => traceStrip(record, arm))}`;
  return section('requests', 'Request by request', content, { look: 'group', heading: 'h3' });
}

const MARK_NAMES = [
  ['hit', 'hit'],
  ['cold', 'miss, cold'],
  ['expired', 'miss, expired'],
  ['evicted', 'miss, evicted'],
  ['avoidable', 'miss, but another worker had it'],
] as const;

const MARK_SHAPE: Record<string, string> = { hit: 'M4 11v3', avoidable: 'M4 1v3' };

/** Outcomes beyond the marks are responses that looked nothing up. */
function hasLookups(trace: ArmTrace | null): boolean {
  return trace?.outcome.some((outcome) => outcome < STRIP_MARKS.length - 1) ?? false;
}

function traceStrip(record: RunRecord, arm: Arm): Html {
  const trace = armTrace(arm)!;
  const slots = Array.from({ length: arm.workers }, (_, index) => index + 1);
  const picture = html`<div class="trace-strip needs-script" data-arm="${record.arms.indexOf(arm)}">
<div class="trace-rows">${slots.map((slot) => html`<span class="trace-row worker ${workerColour(slot)}">${slot}</span>`)}</div>
<svg class="trace-marks rows-${Math.min(slots.length, 8)}" preserveAspectRatio="none" role="img" aria-label="One mark per request, by worker. The numbers are in the table below.">${STRIP_MARKS.map(
    (mark) => html`<path class="mark-${mark}"/>`,
  )}</svg>
<p class="trace-range"></p>
</div>`;
  return figureHtml({
    id: `requests-${record.arms.indexOf(arm)}`,
    title: `Request by request, ${arm.name}`,
    ...{ caption: '', chart: null, picture },
    table: tableOf(slots, [
      ['worker', (slot) => `worker ${slot}`],
      ...STRIP_MARKS.map(
        (mark): ColumnOf<number> => [mark, (slot) => marked(trace, slot, mark), 'count'],
      ),
    ]),
  });
}

/** How many of a mark a worker's row has in the whole run. */
function marked({ slot, outcome, avoidable }: ArmTrace, row: number, mark: StripMark): number {
  const index = STRIP_MARKS.indexOf(mark);
  const hasMark = (at: number) =>
    mark === 'avoidable' ? avoidable[at] === 1 : outcome[at] === index;
  return slot.filter((answered, at) => answered === row && hasMark(at)).length;
}
