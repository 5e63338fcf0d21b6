import { randomUUID } from 'node:crypto';
import { ownPrefix } from '../key.ts';
import type { CompleteOptions } from '../options.ts';
import { redisLink } from './redis-link.ts';

/** Keys whose values have changed, or that any may have. */
export type Changed = readonly string[] | 'all';

/**
 * Tells the near caches of other processes which keys have changed, by Redis's own
 * publish/subscribe. What is published while a process is not connected never reaches it; so whoever
 * was away takes everything for changed, and so does everybody when one could not tell.
 */
export class RedisBus {
  readonly #id = randomUUID();
  readonly #channel: string;
  readonly #publisher: ReturnType<typeof redisLink>;
  readonly #subscriber: ReturnType<typeof redisLink>;
  readonly #onChange: (changed: Changed) => void;
  /** Whether something has changed that the others were not told. */
  #isUntold = false;

  /** @param onChange called for each message of another process, and when some may have been missed */
  constructor(options: CompleteOptions, onChange: (changed: Changed) => void) {
    this.#channel = `${ownPrefix(options)}changed`;
    this.#onChange = onChange;
    this.#publisher = redisLink(options, () => {
      if (this.#isUntold) void this.announce('all');
    });
    this.#subscriber = redisLink(options, () => this.#listen());
  }

  /** Has every other process drop its near copies. Never rejects: what cannot be told now is told later. */
  async announce(changed: Changed): Promise<void> {
    const text = JSON.stringify({ from: this.#id, changed: this.#isUntold ? 'all' : changed });
    this.#isUntold = false;
    try {
      await this.#publisher.call((redis) => redis.publish(this.#channel, text));
    } catch {
      this.#isUntold = true;
    }
  }

  close(): void {
    this.#publisher.close();
    this.#subscriber.close();
  }

  async #listen(): Promise<void> {
    try {
      await this.#subscriber.call((redis) =>
        redis.subscribe(this.#channel, (text) => this.#receive(text)),
      );
      this.#onChange('all');
    } catch {
      // The link tries again and then calls this again.
    }
  }

  /** On a shared server, anybody can write to a channel. */
  #receive(text: string): void {
    try {
      const { from, changed } = JSON.parse(text) as { from?: unknown; changed?: unknown };
      if (from !== this.#id && (changed === 'all' || Array.isArray(changed)))
        this.#onChange(changed as Changed);
    } catch {
      // Not ours.
    }
  }
}
