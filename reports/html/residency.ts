import type { Arm, Residency } from '../record.ts';
import { plural } from './format.ts';
import { type Html, html, trusted } from './html.ts';
import { AGE_STEPS, ageStep, blockColumns, cellPaths } from './residency-grid.ts';

/** The caches of one arm as they stood at the end: a block per worker, a cell per key. */
export function residencyBlocks(arm: Arm, residency: Residency): Html {
  const arrivals = finalArrivals(arm, residency);
  const columns = blockColumns(residency.keys.length);
  const rows = Math.ceil(residency.keys.length / columns);
  return html`<div class="blocks" data-columns="${columns}">
${residency.slots.map((slot, index) => {
  const held = arrivals[index]!;
  const count = held.filter((step) => step >= 0).length;
  return html`<div class="block" data-slot="${slot}">
<svg viewBox="0 0 ${columns} ${rows}" role="img" aria-label="worker ${slot} holds ${count} of ${residency.keys.length} keys"><path class="empty" d="${trusted(cellPaths(held, columns, -1))}"/>${Array.from(
    { length: AGE_STEPS },
    (_, step) => html`<path class="age-${step}" d="${trusted(cellPaths(held, columns, step))}"/>`,
  )}</svg>
<p class="block-label"><span class="worker-name worker-${((slot - 1) % 8) + 1}">worker ${slot}</span> <span class="held">${plural(count, 'entry', 'entries')}</span></p>
</div>\n`;
})}</div>`;
}

/** For each slot and key: the step of the run in which the entry held at the end came, or −1. */
function finalArrivals(arm: Arm, residency: Residency): number[][] {
  const requests = Math.max(1, ...arm.phases.map((phase) => phase.totals.requests));
  const came = new Map<string, number>();
  residency.changes.at.forEach((at, index) => {
    if (residency.changes.held[index] === 1) {
      came.set(`${residency.changes.slot[index]} ${residency.changes.key[index]}`, at);
    }
  });
  return residency.slots.map((slot) => {
    const held = new Set(residency.final.find((worker) => worker.slot === slot)?.keys);
    return residency.keys.map((_, key) =>
      held.has(key) ? ageStep(came.get(`${slot} ${key}`) ?? 0, requests) : -1,
    );
  });
}
