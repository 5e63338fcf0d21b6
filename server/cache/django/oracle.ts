import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Sequence } from './sequence.ts';

/** The real Django, in a Python process that answers one question at a time. */
export class DjangoOracle {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #complaints = '';
  /** The version of Django. */
  readonly version: Promise<string>;

  constructor(python: string) {
    const script = fileURLToPath(new URL('oracle.py', import.meta.url));
    this.#process = spawn(python, ['-W', 'ignore', script]);
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000);
    });
    // A broken pipe shows as an answer that does not come; see #answer.
    this.#process.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.version = this.#answer<{ django: string }>().then(({ django }) => django);
    // Whoever asks first meets the failure; unasked it must not end the process.
    this.version.catch(() => {});
  }

  /** What every step returned in Django, and what the store held after it. */
  play(sequence: Sequence): Promise<Answer[]> {
    return this.#ask(sequence);
  }

  /** Does Django warn about this made key? */
  warnsAbout(madeKey: string): Promise<boolean> {
    return this.#ask({ warnsAbout: madeKey });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.stdin.end();
    this.#process.kill();
    await exit;
  }

  async #ask<T>(question: unknown): Promise<T> {
    await this.version;
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    return this.#answer<T>();
  }

  async #answer<T>(): Promise<T> {
    const { value, done } = await this.#answers.next();
    if (done)
      throw new Error(`Django's Python process ended. Its last words:\n${this.#complaints}`);
    return JSON.parse(value) as T;
  }
}
