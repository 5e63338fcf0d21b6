import { count } from '../../record/format.ts';
import type { Arm, RunRecord } from '../../record/schema.ts';
import { armCounts, blockOf, CELL_SIZE, GAP } from '../../report/residency-blocks.ts';
import { CELL_STATES, picturedKeys, ResidencyTimeline } from '../../report/timeline.ts';
import { visible } from '../html.ts';
import { currentPosition, followPosition } from './position.ts';

/** An arm's panel on the page, with what it needs to be drawn at any position. */
interface Panel {
  readonly element: HTMLElement;
  readonly arm: Arm;
  readonly timeline: ResidencyTimeline;
  readonly columns: number;
}

/** Makes cells, counts and labels follow the scrubber, and tells who holds the key pointed at. */
export function startResidencyPicture(record: RunRecord): void {
  const keys = picturedKeys(record);
  const panels = [...document.querySelectorAll<HTMLElement>('.arm')].map((element): Panel => {
    const arm = record.arms[Number(element.dataset.arm)]!;
    return {
      element,
      arm,
      timeline: new ResidencyTimeline(arm, keys),
      columns: Number(element.dataset.columns),
    };
  });
  if (panels.length === 0) return;
  const drawAll = () => {
    for (const panel of panels) {
      if (!panel.element.hidden) drawPanel(panel, currentPosition());
    }
  };
  followPosition(drawAll);
  offerArms(panels, drawAll);
  startKeyLine(panels);
}

function drawPanel(panel: Panel, position: number): void {
  const { element, arm, timeline, columns } = panel;
  timeline.moveTo(position);
  for (const [name, text] of Object.entries(armCounts(arm, timeline))) {
    element.querySelector(`[data-count="${name}"]`)!.textContent = text;
  }
  timeline.slots.forEach((slot, index) => {
    const block = element.querySelector<HTMLElement>(`[data-slot="${slot}"]`)!;
    const { held, label, paths } = blockOf(timeline, index, columns);
    for (const state of CELL_STATES) {
      block.querySelector(`.cell-${state}`)!.setAttribute('d', paths[state]);
    }
    block.querySelector('svg')!.setAttribute('aria-label', label);
    block.querySelector('.held')!.textContent = String(held);
  });
}

/** The choice of the arm beside the baseline, where there are several. */
function offerArms(panels: readonly Panel[], redraw: () => void): void {
  const select = document.getElementById('picture-arm') as HTMLSelectElement | null;
  select?.addEventListener('change', () => {
    panels.forEach((panel, index) => {
      panel.element.hidden = index > 0 && panel.element.dataset.arm !== select.value;
    });
    redraw();
  });
}

/** Points at one key in all blocks, by pointer or by number, and says who holds it. */
function startKeyLine(panels: readonly Panel[]): void {
  const input = document.getElementById('key-number') as HTMLInputElement;
  const output = document.getElementById('key-holders')!;
  let pointed: number | null = null;
  const tell = () => {
    const key = pointed === null ? undefined : panels[0]!.timeline.keys[pointed];
    for (const panel of panels) markKey(panel, key === undefined ? null : pointed);
    if (key !== undefined) output.textContent = visible(`${key} — ${holders(panels, key)}`);
  };
  input.addEventListener('input', () => {
    pointed = input.value === '' ? null : Number(input.value) - 1;
    tell();
  });
  for (const panel of panels) {
    for (const svg of panel.element.querySelectorAll('svg')) {
      svg.addEventListener('pointermove', (event) => {
        const box = svg.getBoundingClientRect();
        const size = box.width / (panel.columns - GAP);
        const column = Math.floor((event.clientX - box.left) / size);
        const row = Math.floor((event.clientY - box.top) / size);
        pointed = row * panel.columns + column;
        input.value = String(pointed + 1);
        tell();
      });
    }
  }
  followPosition(tell);
}

function markKey(panel: Panel, key: number | null): void {
  for (const mark of panel.element.querySelectorAll('.pointed')) {
    mark.setAttribute('visibility', key === null ? 'hidden' : 'visible');
    if (key === null) continue;
    mark.setAttribute('x', String((key % panel.columns) - GAP / 2));
    mark.setAttribute('y', String(Math.floor(key / panel.columns) - (CELL_SIZE + GAP) / 2));
  }
}

function holders(panels: readonly Panel[], key: string): string {
  return panels
    .filter((panel) => !panel.element.hidden)
    .map(({ arm, timeline }) => {
      const index = timeline.keys.indexOf(key);
      const held = timeline.slots.flatMap((slot, slotIndex) => {
        const came = timeline.arrivals(slotIndex)[index] ?? -1;
        return came < 0 ? [] : [`worker ${slot} since request ${count(came)}`];
      });
      return `${arm.name}: ${held.length === 0 ? 'nobody' : held.join(', ')}`;
    })
    .join('; ');
}
