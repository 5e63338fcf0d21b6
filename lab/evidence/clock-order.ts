import type { CacheStep } from './cache-life.ts';

interface OnItsWay {
  readonly steps: readonly CacheStep[];
  /** Index of the next step. */
  readonly next: number;
}

/** Yields the life whose next step is due, until all are through. */
export function* inClockOrder<Life extends OnItsWay>(lives: readonly Life[]): Generator<Life> {
  for (;;) {
    let due: Life | undefined;
    let first: CacheStep | undefined;
    for (const life of lives) {
      const step = life.steps[life.next];
      if (!step || (first && !comesBefore(step, first))) continue;
      due = life;
      first = step;
    }
    if (!due) return;
    yield due;
  }
}

function comesBefore(a: CacheStep, b: CacheStep): boolean {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds;
  return a.act !== 'store' && b.act === 'store';
}
