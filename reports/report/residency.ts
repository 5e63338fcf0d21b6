import { workerColour } from '../figures/figure.ts';
import { baselineArm } from '../figures/run-parts.ts';
import { type Html, html, trusted } from '../page/html.ts';
import { mostTelling } from '../record/arms.ts';
import type { Arm, RunRecord } from '../record/schema.ts';
import { armCounts, blockColumns, blockOf, CELL_SIZE, GAP } from './residency-blocks.ts';
import { scrubber } from './scrubber.ts';
import {
  CELL_STATES,
  type CellState,
  picturedKeys,
  ResidencyTimeline,
  SPOILT,
  STATE_NAMES,
} from './timeline.ts';

/** Arms whose caches can be drawn; empty where nobody says what is held, or nothing ever was. */
export function picturedArms(record: RunRecord): Arm[] {
  if (picturedKeys(record).length === 0) return [];
  return record.arms.filter((arm) => arm.phases.some((phase) => phase.residency !== null));
}

/**
 * The picture of the first screen: a block per worker, a cell per key, one worker beside many, and
 * the slider that moves through the run. As it is written it shows the end; a page that can opens it
 * near the start and plays it.
 */
export function residencyPicture(record: RunRecord): Html | null {
  const arms = picturedArms(record);
  if (arms.length === 0) return null;
  const baseline = arms.find((arm) => arm === baselineArm(record)) ?? arms[0]!;
  const others = arms.filter((arm) => arm !== baseline);
  const shown = others.findLast((arm) => arm === mostTelling(record.arms)) ?? others.at(-1);
  const keys = picturedKeys(record);
  return html`<section id="picture" class="picture" aria-labelledby="picture-title">
<div class="picture-head"><h2 id="picture-title">Which worker holds what</h2>${
    others.length > 1 &&
    html`<label class="needs-script">beside ${baseline.name}: <select id="picture-arm">${others.map(
      (arm) =>
        html`<option value="${record.arms.indexOf(arm)}"${arm === shown && html` selected`}>${arm.name}</option>`,
    )}</select></label>`
  }</div>
<p class="quiet">A block is one worker’s memory. A cell is a key, in the same place in every block.</p>
<div class="arms${others.length === 0 && ' alone'}">
${[baseline, ...others].map((arm) => armPanel(record, arm, keys, arm !== baseline && arm !== shown))}
</div>
${scrubber()}
${cellLegend(arms)}
<p class="needs-script key-line"><label>Key number <input type="number" id="key-number" min="1" max="${keys.length}" inputmode="numeric"></label> <output id="key-holders" for="key-number">or point at a cell: who holds it, and since when</output></p>
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

/** @param hidden drawn by the page when it is asked for */
function armPanel(record: RunRecord, arm: Arm, keys: readonly string[], hidden: boolean): Html {
  const timeline = new ResidencyTimeline(arm, keys);
  timeline.moveTo(timeline.requests);
  const columns = blockColumns(keys.length);
  const counts = armCounts(arm, timeline);
  const width = columns - GAP;
  const height = Math.ceil(keys.length / columns) - GAP;
  const blocks = timeline.slots.map((slot, index) => {
    const { held, label, paths } = blockOf(timeline, index, columns);
    return html`<div class="block" data-slot="${slot}"><svg viewBox="0 ${-CELL_SIZE / 2} ${width} ${height}" width="${Math.round(width * WIDEST_CELL)}" role="img" aria-label="${label}">${CELL_STATES.map(
      (state) => html`<path class="cell-${state}" d="${trusted(hidden ? '' : paths[state])}"/>`,
    )}<rect class="pointed" width="1" height="1" visibility="hidden"/></svg><p><span class="worker ${workerColour(slot)}">${timeline.slots.length > ROOMY ? slot : `worker ${slot}`}</span> <span class="held">${held}</span></p></div>
`;
  });
  const across = Math.min(8, Math.ceil(Math.sqrt(arm.workers)));
  const place = (name: keyof typeof counts) => html`<b data-count="${name}">${counts[name]}</b>`;
  return html`<div class="arm" data-arm="${record.arms.indexOf(arm)}" data-columns="${columns}"${hidden && html` hidden`}>
<h3>${arm.name}</h3>
<p class="counts"><span>${place('hitRate')} hits</span> <span>${place('entries')} entries</span> <span>${place('duplicationFactor')} of each</span></p>
<div class="blocks blocks-${across}">
${blocks}</div>
</div>
`;
}

/** A cell is never larger, in CSS pixels: a cache of one key is a small square. */
const WIDEST_CELL = 30;

/** More blocks than this have no room for the word "worker" under each. */
const ROOMY = 9;

/** What the cells of these arms can show. */
function cellLegend(arms: readonly Arm[]): Html {
  const several = arms.some(({ workers }) => workers > 1);
  const spoilt = arms.some(({ phases }) =>
    phases.some(({ residency }) => residency?.changes.held.includes(SPOILT)),
  );
  const shown: Readonly<Record<CellState, boolean>> = {
    ...{ alone: true, copy: several, spoilt, empty: true },
  };
  return html`<p class="legend">${CELL_STATES.filter((state) => shown[state]).map(
    (state) =>
      html`<span><svg class="cell" viewBox="0 -.42 .84 .84" aria-hidden="true"><path class="cell-${state}" d="M0 0h.84"/></svg>${state === 'alone' && !several ? 'held' : STATE_NAMES[state]}</span> `,
  )}</p>`;
}
