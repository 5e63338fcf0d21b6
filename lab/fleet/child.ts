import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { signalTo } from '../../server/running.ts';

const STOP_LIMIT_MILLIS = 1_500;

export interface ChildPlan {
  /** Default: the Node that this runs on. */
  readonly program?: string | undefined;
  /** What the program is given; to Node, a script first. */
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** What it writes goes to the end of this file. */
  readonly log: string;
  /** What its end means to whoever still needs it; made when it has ended. */
  whyEnded(): Error;
}

/**
 * A process of the lab's own that it talks to. In a process group of its own: Ctrl-C reaches the
 * lab alone, which then stops what it started in order.
 */
export class Child {
  /** Rejects when the process ends, whoever ended it. */
  readonly ended: Promise<never>;
  readonly #process: ChildProcess;

  constructor({ program = process.execPath, args, env, log, whyEnded }: ChildPlan) {
    const file = openSync(log, 'a');
    const options: SpawnOptions = { detached: true, stdio: ['ignore', file, file, 'ipc'] };
    this.#process = spawn(program, args, { ...options, env: env ?? process.env });
    closeSync(file);
    this.ended = new Promise((_, reject) => {
      this.#process.once('error', reject);
      this.#process.once('exit', () => reject(whyEnded()));
    });
    // Whoever waits for something races it with this; at other times nobody does.
    this.ended.catch(() => {});
  }

  /**
   * The next thing it says, after `question` was put to it.
   *
   * @throws what `ended` rejects with when it ends first, or what `signal` is aborted by
   */
  async answer<T>(question?: object | string, signal?: AbortSignal): Promise<T> {
    const heard = once(this.#process, 'message', { signal }).catch((error) => {
      throw signal?.aborted ? signal.reason : error;
    });
    // Where the channel is broken, the end of the process tells more.
    if (question !== undefined) this.#process.send(question, () => {});
    const [message] = await Promise.race([heard, this.ended]);
    return message as T;
  }

  /** Whether it has ended, and by which signal if by one. */
  get end(): NodeJS.Signals | 'exit' | null {
    const { exitCode, signalCode } = this.#process;
    return signalCode ?? (exitCode === null ? null : 'exit');
  }

  /** To a process that has ended already it does nothing. */
  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /**
   * SIGTERM, and SIGKILL for what does not heed it, together with all that it started itself; done
   * when it is gone.
   */
  async stop(): Promise<void> {
    if (this.end !== null) return;
    const gone = this.ended.catch(() => {});
    this.#process.kill('SIGTERM');
    const limit = setTimeout(() => signalTo(-this.#process.pid!, 'SIGKILL'), STOP_LIMIT_MILLIS);
    await gone;
    clearTimeout(limit);
  }
}
