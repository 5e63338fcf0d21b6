import { count } from '../../record/format.ts';
import { CELL_SIZE } from '../../report/residency-blocks.ts';
import { CELL_STATES, STATE_NAMES } from '../../report/timeline.ts';
import { type LiveView, sharesCache } from '../live-view.ts';

/** What cells and dots mean. */
export function Legend({ view }: { view: LiveView }) {
  const { dotsStandFor } = view;
  // Whether an entry can have copies.
  const several = view.workers.length > 1 && !sharesCache(view);
  return (
    <p class="legend">
      {CELL_STATES.filter((state) => several || state !== 'copy').map((state) => (
        <span key={state}>
          <svg
            class="cell"
            viewBox={`0 ${-CELL_SIZE / 2} ${CELL_SIZE} ${CELL_SIZE}`}
            aria-hidden="true"
          >
            <path class={`cell-${state}`} d={`M0 0h${CELL_SIZE}`} />
          </svg>
          {state === 'alone' && !several ? 'held' : STATE_NAMES[state]}
        </span>
      ))}
      <span class="dots-said">
        <svg class="dot-key" viewBox="0 0 10 10" aria-hidden="true">
          <circle class="dot-hit" cx="5" cy="5" r="4" />
        </svg>
        hit
        <svg class="dot-key" viewBox="0 0 10 10" aria-hidden="true">
          <circle class="dot-miss" cx="5" cy="5" r="4" />
        </svg>
        miss ·{' '}
        {dotsStandFor === 1
          ? 'a dot for every response'
          : `a sample: a dot for ${count(dotsStandFor)} responses`}
      </span>
    </p>
  );
}
