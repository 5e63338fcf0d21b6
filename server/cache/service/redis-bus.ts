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
  readonly #messagesLost: () => void;
  #id = '';
  /** What is listened to, once somebody wants to: bentocache has one channel. */
  #subscription: { readonly channel: string; readonly handler: Handler } | null = null;

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
    this.#subscription = { channel, handler: handler as Handler };
    await this.#listen();
  }

  /** As long as there is a cache, it listens. */
  async unsubscribe(): Promise<void> {}

  /** Whoever was away has to forget what it holds; asking for old messages would come to less. */
  onReconnect(): void {}

  async disconnect(): Promise<void> {
    this.#publisher.close();
    this.#subscriber.close();
  }

  /** Has every other process drop its near copies of these keys. */
  async announce(keys: string[]): Promise<void> {
    if (this.#subscription)
      await this.publish(this.#subscription.channel, { type: 'delete', keys });
  }

  async #listen(): Promise<void> {
    if (!this.#subscription) return;
    const { channel, handler } = this.#subscription;
    const receive = (text: string) => this.#receive(text, handler);
    try {
      await this.#subscriber.call((redis) => redis.subscribe(this.#prefix + channel, receive));
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
