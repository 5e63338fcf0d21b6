import pc from 'picocolors';
import { count, counted, percent } from '../../reports/record/format.ts';
import { HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import type { Ledger } from '../traffic/ledger.ts';
import type { Output } from './output.ts';
import { bar, createPainter, REPAINT_MILLIS } from './painter.ts';

/** What a person watches while a run goes on. */
export interface Progress {
  /** A new arm begins. */
  arm(title: string): void;
  /** What the arm is doing now, e.g. `starting 4 workers`. */
  step(text: string): void;
  /** Follows the ledger of a running phase until `stop` is called. */
  follow(phase: { readonly name: string; readonly ledger: Ledger; readonly expected: number }): {
    stop(): void;
  };
  /** Takes away what is only of use while it runs. */
  done(): void;
}

/** Repainted in place on a terminal, with a line for each worker; elsewhere the steps and the ends. */
export function createProgress(output: Output, options: { readonly quiet: boolean }): Progress {
  const painter = createPainter(output, options);
  const { isLive } = painter;
  let title = '';
  const show = (text: string) => painter.paint(isLive ? `${title}\n  ${text}` : `  ${text}`);
  return {
    arm(text) {
      title = pc.bold(text);
      if (!isLive) painter.paint(text);
    },
    step: (text) => show(isLive ? pc.dim(text) : text),
    follow({ name, ledger, expected }) {
      const tally = new Tally(ledger);
      const showAnswered = () => {
        const part = `${count(ledger.length)} of ${counted(expected, 'request')}`;
        const share = isLive ? `${bar(ledger.length / expected)} ` : '';
        show([`${share}${name}: ${part} answered`, ...tally.lines()].join('\n'));
      };
      const timer = isLive ? setInterval(showAnswered, REPAINT_MILLIS) : undefined;
      return {
        stop() {
          clearInterval(timer);
          showAnswered();
        },
      };
    },
    done: () => painter.clear(),
  };
}

/** Hits and lookups per worker so far; reads each row of the ledger once. */
class Tally {
  #read = 0;
  readonly #workers = new Map<number, { hits: number; lookups: number; requests: number }>();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  lines(): string[] {
    this.#catchUp();
    return [...this.#workers]
      .sort(([a], [b]) => a - b)
      .map(([slot, { hits, lookups, requests }]) => {
        const share = lookups === 0 ? 0 : hits / lookups;
        const rate = lookups === 0 ? 'no lookups' : `${percent(share)} hits`;
        return `  worker ${String(slot).padStart(2)}  ${bar(share)} ${rate.padStart(12)} of ${count(requests)}`;
      });
  }

  #catchUp(): void {
    const { slot, outcome, length } = this.#ledger;
    for (; this.#read < length; this.#read++) {
      const at = slot[this.#read]!;
      const worker = this.#workers.get(at) ?? { hits: 0, lookups: 0, requests: 0 };
      this.#workers.set(at, worker);
      worker.requests += 1;
      const seen = outcome[this.#read]!;
      if (seen === HIT) worker.hits += 1;
      if (seen === HIT || isMiss(seen)) worker.lookups += 1;
    }
  }
}
