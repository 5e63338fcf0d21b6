import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Output } from './output.ts';

const REPAINT_MILLIS = 100;
/** Without a terminal a line now and then is enough. */
const PLAIN_MILLIS = 10_000;
const BAR_WIDTH = 24;

/** Lines that are repainted in place on a terminal. */
export interface Painter {
  /** How often it is worth painting anew, in milliseconds; where nothing can be repainted, seldom. */
  readonly everyMillis: number;
  paint(text: string): void;
  /** Takes away what was painted. */
  clear(): void;
}

/** `null` where lines cannot be repainted: no terminal, CI. */
export function createPainter(
  { streams: { stderr } }: Output,
  env: NodeJS.ProcessEnv = process.env,
): Painter | null {
  if (!stderr.isTTY || env.CI || env.TERM === 'dumb') return null;
  const paint = createLogUpdate(stderr as NodeJS.WriteStream);
  return {
    everyMillis: REPAINT_MILLIS,
    paint,
    clear() {
      paint.clear();
      paint.done();
    },
  };
}

/** Writes each text as a line of its own. */
export function plainPainter(output: Output): Painter {
  return {
    everyMillis: PLAIN_MILLIS,
    paint: (text) => output.note(`${text}\n`),
    clear() {},
  };
}

/** `████░░░░` */
export function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_WIDTH - full));
}
