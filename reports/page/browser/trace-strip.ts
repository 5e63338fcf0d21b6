import { formatValue } from '../../record/format.ts';
import type { RunRecord } from '../../record/schema.ts';
import { type ArmTrace, armTrace, STRIP_MARKS, type StripMark } from '../../report/arm-trace.ts';
import { currentPosition, followPosition } from './position.ts';
import { onReveal } from './views.ts';

/** Room for one request, in rem: marks closer than this run into each other. */
const STEP_REM = 0.45;

/** Draws the requests before the scrubber's position, each in the row of the worker that answered. */
export function startTraceStrips(record: RunRecord): void {
  for (const place of document.querySelectorAll<HTMLElement>('.trace-strip')) {
    const trace = armTrace(record.arms[Number(place.dataset.arm)]!)!;
    const draw = () => {
      if (place.offsetParent !== null) drawStrip(place, trace, currentPosition());
    };
    followPosition(draw);
    onReveal(draw);
    new ResizeObserver(draw).observe(place);
  }
}

function drawStrip(place: HTMLElement, trace: ArmTrace, position: number): void {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const svg = place.querySelector('svg')!;
  const step = STEP_REM * rem;
  const shown = Math.max(1, Math.floor(svg.clientWidth / step));
  const end = Math.min(trace.slot.length, Math.max(position, shown));
  const start = Math.max(0, end - shown);
  const slots = place.querySelectorAll('.trace-row').length;
  const height = svg.clientHeight / slots;
  svg.setAttribute('viewBox', `0 0 ${svg.clientWidth} ${svg.clientHeight}`);
  const paths = new Map<StripMark, string>(STRIP_MARKS.map((mark) => [mark, '']));
  for (let index = start; index < Math.min(end, position); index++) {
    const x = ((index - start + 0.5) * step).toFixed(1);
    const top = (trace.slot[index]! - 1) * height;
    const outcome = trace.outcome[index]!;
    if (outcome >= STRIP_MARKS.length - 1) continue;
    const mark = STRIP_MARKS[outcome]!;
    const [from, to] = mark === 'hit' ? [0.55, 0.7] : [0.25, 0.9];
    paths.set(
      mark,
      `${paths.get(mark)}M${x} ${(top + from * height).toFixed(1)}V${(top + to * height).toFixed(1)}`,
    );
    if (trace.avoidable[index] === 1) {
      paths.set(
        'avoidable',
        `${paths.get('avoidable')}M${x} ${(top + 0.06 * height).toFixed(1)}v${(0.14 * height).toFixed(1)}`,
      );
    }
  }
  for (const [mark, path] of paths) svg.querySelector(`.mark-${mark}`)!.setAttribute('d', path);
  const range = `Requests ${formatValue(start + 1, 'count')} to ${formatValue(Math.min(end, Math.max(position, start + 1)), 'count')}`;
  place.querySelector('.trace-range')!.textContent = range;
}
