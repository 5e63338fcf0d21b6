import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer, Sequence } from './sequence.ts';

/** The machine's own Python comes first: that is where Debian installs Django. */
const CANDIDATES = ['/usr/bin/python3', 'python3', 'python'];

/** A Python that has Django, or the reason why there is none. */
export type PythonSearch = { readonly python: string } | { readonly missing: string };

export function findPythonWithDjango(): PythonSearch {
  const tried: string[] = [];
  for (const python of CANDIDATES) {
    const probe = spawnSync(python, ['-c', 'import django.core.cache.backends.locmem'], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (probe.status === 0) return { python };
    const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1);
    tried.push(`${python}: ${reason}`);
  }
  return {
    missing: `No Python with Django was found (${tried.join('; ')}). On Debian and Ubuntu: apt-get install python3-django.`,
  };
}

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
