import { count, counted, inWords } from '../../reports/record/format.ts';
import type { Output } from './output.ts';
import { bar, createPainter, REPAINT_MILLIS } from './painter.ts';

/** How far the reading of a trace is. */
interface TraceState {
  readonly bytesRead: number;
  /** `null`: the end is not known, as with standard input. */
  readonly bytes: number | null;
  readonly requests: number;
}

/** Without a terminal a line now and then is enough. */
const LINE_MILLIS = 10_000;

/**
 * A bar with the time left on a terminal; a line every ten seconds where there is none. `show` may be
 * called often: it shows something only when it is time.
 */
export function traceProgress(output: Output, options: { readonly quiet: boolean }) {
  const painter = createPainter(output, options);
  const everyMillis = painter.isLive ? REPAINT_MILLIS : LINE_MILLIS;
  const started = performance.now();
  let shownAt = started;
  return {
    show(state: TraceState): void {
      const now = performance.now();
      if (now - shownAt < everyMillis) return;
      shownAt = now;
      painter.paint(progressLine(state, (now - started) / 1_000));
    },
    done: () => painter.clear(),
  };
}

/** `██░░ 42 % · 1,204,000 requests · 12 s left` */
export function progressLine(state: TraceState, elapsedSeconds: number): string {
  const requests = counted(state.requests, 'request');
  if (!state.bytes) return `${requests} · ${inWords(state.bytesRead, 'bytes')} read`;
  const part = Math.min(1, state.bytesRead / state.bytes);
  const left = part === 0 ? '' : ` · ${timeLeft((elapsedSeconds * (1 - part)) / part)} left`;
  return `${bar(part)} ${count(100 * part)} % · ${requests}${left}`;
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;
}
