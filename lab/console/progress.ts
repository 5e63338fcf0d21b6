import pc from 'picocolors';
import { count, counted, percent } from '../../reports/record/format.ts';
import { HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import type { Ledger } from '../traffic/ledger.ts';
import type { Output } from './output.ts';
import { bar, createPainter, type Painter } from './painter.ts';

/** What a person watches while a run goes on. */
export interface Progress {
  /** A new arm begins. */
  arm(title: string): void;
  /** What the arm is doing now, e.g. `starting 4 workers`. */
  step(text: string): void;
  /** Follows the ledger of a running phase until `stop` is called. */
  follow(phase: FollowedPhase): { stop(): void };
  /** Takes away what is only of use while it runs. */
  done(): void;
}

interface FollowedPhase {
  readonly name: string;
  readonly ledger: Ledger;
  readonly expected: number;
}

/** Repainted in place on a terminal; plain lines where there is none, and in CI. */
export function createProgress(
  output: Output,
  options: { readonly quiet: boolean; readonly env?: NodeJS.ProcessEnv },
): Progress {
  if (options.quiet) return silent;
  const painter = createPainter(output, options.env);
  return painter ? liveProgress(painter) : plainProgress(output);
}

const silent: Progress = {
  arm() {},
  step() {},
  follow: () => ({ stop() {} }),
  done() {},
};

function liveProgress(painter: Painter): Progress {
  let title = '';
  return {
    arm(text) {
      title = pc.bold(text);
    },
    step: (text) => painter.paint(`${title}\n  ${pc.dim(text)}`),
    follow({ name, ledger, expected }) {
      const tally = new Tally(ledger);
      const repaint = () => {
        const part = `${count(ledger.length)} of ${counted(expected, 'request')}`;
        const head = `${title}\n  ${bar(ledger.length / expected)} ${name}: ${part}`;
        painter.paint([head, ...tally.lines()].join('\n'));
      };
      const timer = setInterval(repaint, painter.everyMillis);
      return {
        stop() {
          clearInterval(timer);
          repaint();
        },
      };
    },
    done: () => painter.clear(),
  };
}

function plainProgress(output: Output): Progress {
  return {
    arm: (text) => output.note(`${text}\n`),
    step: (text) => output.note(`  ${text}\n`),
    follow: ({ name, ledger, expected }) => ({
      stop() {
        const answered = `${count(ledger.length)} of ${counted(expected, 'request')} answered`;
        const lines = [`  ${name}: ${answered}`, ...new Tally(ledger).lines()];
        output.note(`${lines.join('\n')}\n`);
      },
    }),
    done() {},
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
        const rate = lookups === 0 ? 'no lookups' : `${percent(hits / lookups)} hits`;
        const share = lookups === 0 ? 0 : hits / lookups;
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
