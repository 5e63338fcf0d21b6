import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import type { Ledger } from '../traffic/ledger.ts';

const REPAINT_MILLIS = 100;
const BAR_WIDTH = 24;
const HIT = OUTCOMES.indexOf('hit');
const NONE = OUTCOMES.indexOf('none');
const ERROR = OUTCOMES.indexOf('error');

/** What a person watches while a run goes on. */
export interface Progress {
  /** A new arm begins. */
  arm(title: string): void;
  /** What the arm is doing now, e.g. `starting 4 workers`. */
  step(text: string): void;
  /** Follows the ledger of a running phase until `stop` is called. */
  follow(phase: { name: string; ledger: Ledger; expected: number }): { stop(): void };
  /** Takes away what is only of use while it runs. */
  done(): void;
}

type Write = NodeJS.WriteStream;

/** Repainted in place on a terminal; plain lines where there is none, and in CI. */
export function createProgress(
  stream: Write,
  options: { quiet: boolean; env?: NodeJS.ProcessEnv } = { quiet: false },
): Progress {
  if (options.quiet) return silent;
  const env = options.env ?? process.env;
  const isLive = stream.isTTY && !env.CI && env.TERM !== 'dumb';
  return isLive ? liveProgress(stream) : plainProgress(stream);
}

const silent: Progress = {
  arm() {},
  step() {},
  follow: () => ({ stop() {} }),
  done() {},
};

function liveProgress(stream: Write): Progress {
  const paint = createLogUpdate(stream);
  let title = '';
  return {
    arm(text) {
      title = pc.bold(text);
    },
    step(text) {
      paint(`${title}\n  ${pc.dim(text)}`);
    },
    follow({ name, ledger, expected }) {
      const tally = new Tally(ledger);
      const repaint = () => {
        tally.catchUp();
        const head = `${title}\n  ${bar(ledger.length / expected)} ${name}: ${count(ledger.length)} of ${count(expected)} requests`;
        paint([head, ...tally.lines()].join('\n'));
      };
      const timer = setInterval(repaint, REPAINT_MILLIS);
      return {
        stop() {
          clearInterval(timer);
          repaint();
        },
      };
    },
    done() {
      paint.clear();
      paint.done();
    },
  };
}

function plainProgress(stream: Write): Progress {
  return {
    arm(text) {
      stream.write(`${text}\n`);
    },
    step(text) {
      stream.write(`  ${text}\n`);
    },
    follow({ name, ledger, expected }) {
      return {
        stop() {
          const tally = new Tally(ledger);
          tally.catchUp();
          stream.write(
            `  ${name}: ${count(ledger.length)} of ${count(expected)} requests answered\n`,
          );
          for (const line of tally.lines()) stream.write(`${line}\n`);
        },
      };
    },
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

  catchUp(): void {
    const { slot, outcome, length } = this.#ledger;
    for (; this.#read < length; this.#read++) {
      const worker = this.#worker(slot[this.#read]!);
      worker.requests += 1;
      const seen = outcome[this.#read]!;
      if (seen === NONE || seen === ERROR) continue;
      worker.lookups += 1;
      if (seen === HIT) worker.hits += 1;
    }
  }

  lines(): string[] {
    return [...this.#workers]
      .sort(([a], [b]) => a - b)
      .map(([slot, { hits, lookups, requests }]) => {
        const rate = lookups === 0 ? 'no lookups' : `${((100 * hits) / lookups).toFixed(1)} % hits`;
        const share = lookups === 0 ? 0 : hits / lookups;
        return `  worker ${String(slot).padStart(2)}  ${bar(share)} ${rate.padStart(12)} of ${count(requests)}`;
      });
  }

  #worker(slot: number) {
    const known = this.#workers.get(slot);
    if (known) return known;
    const fresh = { hits: 0, lookups: 0, requests: 0 };
    this.#workers.set(slot, fresh);
    return fresh;
  }
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_WIDTH - full));
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
