import type { BusDriver, CacheBusMessage } from 'bentocache/types';
import { ownPrefix } from '../key.ts';
import type { CompleteOptions } from '../options.ts';
import { redisLink } from './redis-link.ts';

type Handler = (message: CacheBusMessage) => void;

/**
 * Tells the near caches of other processes which keys have changed, by Redis's own
 * publish/subscribe. What is published while a process is not connected never reaches it.
 */
export class RedisBus implements BusDriver {
  readonly #publisher: ReturnType<typeof redisLink>;
  readonly #subscriber: ReturnType<typeof redisLink>;
  readonly #prefix: string;
  readonly #handlers = new Map<string, Handler>();
  readonly #messagesLost: () => void;
  #id = '';

  /** @param messagesLost called when the connection stands again after a break */
  constructor(options: CompleteOptions, messagesLost: () => void) {
    this.#prefix = ownPrefix(options);
    this.#messagesLost = messagesLost;
    this.#publisher = redisLink(options);
    this.#subscriber = redisLink(options, () => this.#listen());
  }

  setId(id: string): this {
    this.#id = id;
    return this;
  }

  async publish(channel: string, message: Parameters<BusDriver['publish']>[1]): Promise<void> {
    const text = JSON.stringify({ from: this.#id, message });
    await this.#publisher.call((redis) => redis.publish(this.#prefix + channel, text));
  }

  /** Never rejects: as long as there is no connection, nobody listens, and that is all. */
  async subscribe(channel: string, handler: unknown): Promise<void> {
    this.#handlers.set(channel, handler as Handler);
    await this.#listen();
  }

  async unsubscribe(channel: string): Promise<void> {
    this.#handlers.delete(channel);
    await this.#subscriber
      .call((redis) => redis.unsubscribe(this.#prefix + channel))
      .catch(() => {});
  }

  /** Whoever was away has to forget what it holds; asking for old messages would come to less. */
  onReconnect(): void {}

  async disconnect(): Promise<void> {
    this.#publisher.close();
    this.#subscriber.close();
  }

  /** Has every other process drop its near copies of these keys. */
  async announce(keys: string[]): Promise<void> {
    const channels = [...this.#handlers.keys()];
    await Promise.all(channels.map((channel) => this.publish(channel, { type: 'delete', keys })));
  }

  async #listen(): Promise<void> {
    try {
      await Promise.all(
        [...this.#handlers].map(([channel, handler]) =>
          this.#subscriber.call((redis) =>
            redis.subscribe(this.#prefix + channel, (text) => this.#receive(text, handler)),
          ),
        ),
      );
      this.#messagesLost();
    } catch {
      // The link tries again and then calls this again.
    }
  }

  #receive(text: string, handler: Handler): void {
    const { from, message } = parsed(text);
    if (message && from !== this.#id) handler(message);
  }
}

/** On a shared server, anybody can write to a channel. */
function parsed(text: string): { from?: unknown; message?: CacheBusMessage } {
  try {
    const { from, message } = JSON.parse(text) as { from?: unknown; message?: CacheBusMessage };
    return Array.isArray(message?.keys) ? { from, message } : {};
  } catch {
    return {};
  }
}
