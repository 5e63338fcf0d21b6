import { createLogUpdate } from 'log-update';
import pc from 'picocolors';

const BAR_WIDTH = 24;
const REPAINT_MILLIS = 100;
/** Without a terminal a line now and then is enough. */
const PLAIN_MILLIS = 10_000;

/** How far the reading of a trace is. */
export interface TraceState {
  readonly bytesRead: number;
  /** `null`: the end is not known, as with standard input. */
  readonly bytes: number | null;
  readonly requests: number;
}

/** A bar with the time left on a terminal; a line every ten seconds where there is none. */
export class TraceProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  readonly #paint: ReturnType<typeof createLogUpdate>;
  readonly #started = performance.now();
  #shown = 0;

  constructor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env) {
    this.#stream = stream;
    this.#isLive = Boolean(stream.isTTY) && !env.CI && env.TERM !== 'dumb';
    this.#paint = createLogUpdate(stream);
  }

  /** Call it as often as you like; it shows something only when it is time. */
  show(state: TraceState): void {
    const now = performance.now();
    const pause = this.#isLive ? REPAINT_MILLIS : PLAIN_MILLIS;
    if (now - Math.max(this.#shown, this.#started) < pause) return;
    this.#shown = now;
    const text = progressLine(state, (now - this.#started) / 1000);
    if (this.#isLive) this.#paint(text);
    else this.#stream.write(`${text}\n`);
  }

  done(): void {
    if (this.#isLive) this.#paint.clear();
  }
}

/** `██░░ 42 % · 1,204,000 requests · 12 s left` */
export function progressLine(state: TraceState, elapsedSeconds: number): string {
  const requests = `${state.requests.toLocaleString('en-US')} requests`;
  if (!state.bytes) return `${requests} · ${(state.bytesRead / 2 ** 20).toFixed(0)} MiB read`;
  const part = Math.min(1, state.bytesRead / state.bytes);
  const full = Math.round(part * BAR_WIDTH);
  const bar = pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_WIDTH - full));
  const left = part === 0 ? '' : ` · ${timeLeft((elapsedSeconds * (1 - part)) / part)} left`;
  return `${bar} ${(100 * part).toFixed(0)} % · ${requests}${left}`;
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;
}
