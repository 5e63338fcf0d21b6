import { type LiveView, reduce } from '../live-view.ts';
import { type Command, type LiveMessage, RESTARTING, type Setting } from '../protocol.ts';
import { post, UNHEARD } from './post.ts';

/** Hears of every message, with what the page shows after it. */
export type MessageListener = (message: LiveMessage, view: LiveView) => void;

/** Between two tries to be heard again. */
const RETRY_MILLIS = 1_000;
/** Text that changes more often than this cannot be read. */
const TELL_MILLIS = 120;

/** So long after the last step of a kind, the steps are sent as one. */
const GATHER_MILLIS = 300;

const FORBIDDEN = 'This page may not command: open the address that the lab shows in its terminal.';

/** The presenter's line to the lab: what it tells, folded into a view, and what it is asked for. */
export class LabConnection {
  view: LiveView | null = null;
  /** What is wrong, for the presenter; `null`: all is well. */
  problem: string | null = null;
  readonly #secret: string;
  readonly #heard = new Set<MessageListener>();
  readonly #told = new Set<() => void>();
  #source: EventSource | null = null;
  #sending = Promise.resolve();
  #gathered: Partial<Setting> | null = null;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  /** What was asked for since the lab last told how it is set. */
  #ahead: Partial<Setting> = {};
  #telling = false;
  #lastTold = 0;

  /** @param secret what allows to command, from the page's own address */
  constructor(secret: string) {
    this.#secret = secret;
    this.#open();
  }

  /** Calls for every message; gives back how to stop that. */
  onMessage(listener: MessageListener): () => void {
    this.#heard.add(listener);
    return () => this.#heard.delete(listener);
  }

  /** Calls soon after anything has changed, as often as text can be read. */
  onChange(listener: () => void): () => void {
    this.#told.add(listener);
    return () => this.#told.delete(listener);
  }

  /** As the lab is set, or will be: what was asked for is shown before it is told back. */
  get setting(): Setting {
    return { ...this.view!.setting, ...this.#ahead };
  }

  /**
   * Asks the lab for something, one after the other; what it refuses becomes `problem`. What starts
   * the workers anew waits a moment for more of its kind, so that three steps are one start.
   */
  send(command: Command): void {
    if (command.do === 'set') {
      this.#ahead = { ...this.#ahead, ...command.setting };
      this.#tell();
      if (RESTARTING.some((name) => name in command.setting)) {
        this.#gathered = { ...this.#gathered, ...command.setting };
        clearTimeout(this.#gathering);
        this.#gathering = setTimeout(() => this.#sendGathered(), GATHER_MILLIS);
        return;
      }
    }
    this.#sendGathered();
    this.#post(command);
  }

  #sendGathered(): void {
    clearTimeout(this.#gathering);
    if (this.#gathered === null) return;
    this.#post({ do: 'set', setting: this.#gathered });
    this.#gathered = null;
  }

  #post(command: Command): void {
    this.#sending = this.#sending.then(async () => {
      const { status, problem } = await post('control', this.#secret, command);
      this.#setProblem(status === 403 ? FORBIDDEN : problem);
    });
  }

  #open(): void {
    this.#source?.close();
    const source = new EventSource(`events?secret=${encodeURIComponent(this.#secret)}`);
    this.#source = source;
    source.addEventListener('message', ({ data }) => this.#take(JSON.parse(data) as LiveMessage));
    source.addEventListener('error', () => {
      // A broken line is tried again by the browser; one that was refused is not.
      const refused = source.readyState === EventSource.CLOSED;
      this.#setProblem(refused ? FORBIDDEN : UNHEARD);
      if (refused) setTimeout(() => this.#open(), RETRY_MILLIS);
    });
    source.addEventListener('open', () => this.#setProblem(null));
  }

  #take(message: LiveMessage): void {
    const wasBehind = this.view?.behind;
    this.view = reduce(this.view, message);
    if (this.view === null) return;
    if (this.view.behind) {
      if (!wasBehind) this.#open();
      return;
    }
    const told = message.is === 'whole' || message.setting !== undefined;
    if ((told || message.said !== undefined) && this.#gathered === null) this.#ahead = {};
    for (const listener of this.#heard) listener(message, this.view);
    this.#tell();
  }

  #setProblem(problem: string | null): void {
    this.problem = problem;
    if (problem !== null) this.#ahead = {};
    this.#tell();
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    const wait = Math.max(0, this.#lastTold + TELL_MILLIS - performance.now());
    setTimeout(() => {
      this.#telling = false;
      this.#lastTold = performance.now();
      for (const listener of this.#told) listener();
    }, wait);
  }
}
