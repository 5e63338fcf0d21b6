import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Output } from './output.ts';

/** What a person watches while something goes on. */
export interface Painter {
  /** What is painted takes the place of what was; else it is a line for good, to be spared. */
  readonly isLive: boolean;
  paint(text: string): void;
  /** Takes away what was painted, where it can be. */
  clear(): void;
}

/** Repaints in place on a terminal; writes plain lines where there is none, and in CI. */
export function createPainter(output: Output, { quiet }: { readonly quiet: boolean }): Painter {
  const { stderr } = output.streams;
  const { CI, TERM } = process.env;
  if (quiet) return { isLive: false, paint() {}, clear() {} };
  if (!stderr.isTTY || CI || TERM === 'dumb') {
    return { isLive: false, paint: (text) => output.note(`${text}\n`), clear() {} };
  }
  const paint = createLogUpdate(stderr as NodeJS.WriteStream);
  return {
    isLive: true,
    paint,
    clear() {
      paint.clear();
      paint.done();
    },
  };
}

/** How often it is worth painting anew on a terminal. */
export const REPAINT_MILLIS = 100;
const BAR_WIDTH = 24;

/** `████░░░░` */
export function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_WIDTH - full));
}
