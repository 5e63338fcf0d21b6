import { workerColour } from '../figures/figure.ts';
import { baselineArm, largestArm } from '../figures/run-parts.ts';
import { type Html, html, trusted } from '../page/html.ts';
import { count } from '../record/format.ts';
import { MEASURES } from '../record/measures.ts';
import type { Arm, RunRecord } from '../record/schema.ts';
import { requestsOf } from '../record/tally.ts';
import {
  AGE_STEPS,
  ageStepEnd,
  armCounts,
  blockColumns,
  blockOf,
  CELL_SIZE,
  GAP,
} from './residency-blocks.ts';
import { picturedKeys, ResidencyTimeline } from './timeline.ts';

/** Arms whose caches can be drawn; empty where nobody says what is held, or nothing ever was. */
export function picturedArms(record: RunRecord): Arm[] {
  if (picturedKeys(record).length === 0) return [];
  return record.arms.filter((arm) => arm.phases.some((phase) => phase.residency !== null));
}

/**
 * The picture of the first screen: a block per worker, a cell per key, one worker beside many. As
 * it is written it shows the end of the run; the scrubber takes it from there.
 */
export function residencyPicture(record: RunRecord): Html | null {
  const arms = picturedArms(record);
  if (arms.length === 0) return null;
  const baseline = arms.find((arm) => arm === baselineArm(record)) ?? arms[0]!;
  const others = arms.filter((arm) => arm !== baseline);
  const shown = others.findLast((arm) => arm === largestArm(record)) ?? others.at(-1);
  const requests = Math.max(...arms.map(requestsOf));
  const keys = picturedKeys(record);
  return html`<section id="picture" class="picture" aria-labelledby="picture-title">
<div class="picture-head">
<h2 id="picture-title">Which worker holds what</h2>
<p>A block is one worker’s memory. A cell is a key, in the same place in every block; filled means that this worker holds it.</p>
${
  others.length > 1 &&
  html`<p class="needs-script"><label>Beside ${baseline.name}: <select id="picture-arm">${others.map(
    (arm) =>
      html`<option value="${record.arms.indexOf(arm)}"${arm === shown && html` selected`}>${arm.name}</option>`,
  )}</select></label></p>`
}
</div>
<div class="arms${others.length === 0 && ' alone'}">
${[baseline, ...others].map((arm) =>
  armPanel(record, arm, { keys, requests }, arm !== baseline && arm !== shown),
)}
</div>
${ageLegend(requests)}
<p class="needs-script key-line"><label>Look at key number <input type="number" id="key-number" min="1" max="${keys.length}" inputmode="numeric"></label> <output id="key-holders" for="key-number">or point at a cell: who holds it, and since when</output></p>
</section>`;
}

/**
 * Cells in which the picture's last state and the workers' own lists differ, over all arms; 0 when
 * the picture can be believed.
 */
export function residencyDifferences(arm: Arm, keys: readonly string[]): number {
  const last = arm.phases.findLast((phase) => phase.residency !== null)?.residency;
  if (!last) return 0;
  const timeline = new ResidencyTimeline(arm, keys);
  timeline.moveTo(timeline.requests);
  let differences = 0;
  timeline.slots.forEach((slot, slotIndex) => {
    const told = new Set(
      last.final.find((worker) => worker.slot === slot)?.keys.map((key) => last.keys[key]),
    );
    timeline.arrivals(slotIndex).forEach((came, key) => {
      if (came >= 0 !== told.has(timeline.keys[key])) differences++;
    });
  });
  return differences;
}

/** What the panels of a picture share. */
interface Picture {
  readonly keys: readonly string[];
  readonly requests: number;
}

/** @param hidden drawn by the page when it is asked for */
function armPanel(record: RunRecord, arm: Arm, picture: Picture, hidden: boolean): Html {
  const timeline = new ResidencyTimeline(arm, picture.keys);
  timeline.moveTo(timeline.requests);
  const columns = blockColumns(timeline.keys.length);
  const counts = armCounts(arm, timeline);
  const across = Math.ceil(Math.sqrt(arm.workers));
  const blocks = timeline.slots.map((slot, index) => {
    const arrivals = timeline.arrivals(index);
    const { held, label, paths } = blockOf(slot, arrivals, { columns, ...picture });
    const [empty, ...ages] = hidden ? paths.map(() => '') : paths;
    const height = Math.ceil(arrivals.length / columns) - GAP;
    return html`<div class="block" data-slot="${slot}"><svg viewBox="0 ${-CELL_SIZE / 2} ${columns - GAP} ${height}" role="img" aria-label="${label}"><path class="empty" d="${trusted(empty!)}"/>${ages.map(
      (path, step) => html`<path class="age-${step}" d="${trusted(path)}"/>`,
    )}<rect class="pointed" width="1" height="1" visibility="hidden"/></svg><p><span class="worker ${workerColour(slot)}">${timeline.slots.length > ROOMY ? slot : `worker ${slot}`}</span> <span class="held">${held}</span></p></div>
`;
  });
  return html`<div class="arm" data-arm="${record.arms.indexOf(arm)}" data-columns="${columns}"${hidden && html` hidden`}>
<h3>${arm.name}</h3>
<dl class="counts">
<div><dt>${MEASURES.hitRate.label}, <span class="nowrap">n = <span data-count="lookups">${counts.lookups}</span></span></dt><dd data-count="hitRate">${counts.hitRate}</dd></div>
${COUNTED.map((id) => html`<div><dt>${MEASURES[id].label}</dt><dd data-count="${id}">${counts[id]}</dd></div>\n`)}</dl>
<div class="blocks blocks-${Math.min(8, across)}">
${blocks}</div>
</div>
`;
}

const COUNTED = ['uniqueEntries', 'entries', 'duplicationFactor'] as const;

/** More blocks than this have no room for the word "worker" under each. */
const ROOMY = 16;

function ageLegend(requests: number): Html {
  // Short runs have fewer steps than colours.
  const steps = Array.from({ length: AGE_STEPS }, (_, step) => step).filter(
    (step) => ageStepEnd(step, requests) > (step === 0 ? 0 : ageStepEnd(step - 1, requests)),
  );
  return html`<p class="ages"><span>came with request</span> ${steps.map(
    (step) =>
      html`<span class="age"><svg viewBox="0 0 1 1" aria-hidden="true"><path class="age-${step}" d="M0 .5h1"/></svg>${step === steps[0] ? 'up to ' : '– '}${count(ageStepEnd(step, requests))}</span> `,
  )}<span class="age"><svg viewBox="0 0 1 1" aria-hidden="true"><path class="empty" d="M0 .5h1"/></svg>not held</span></p>`;
}
