import { setTimeout as delay } from 'node:timers/promises';
import { AsyncCache } from '../async-cache.ts';
import type { CacheOptions } from '../cache.ts';
import type { EntryStore, Found } from '../entry-store.ts';
import { CacheServiceError } from '../errors.ts';
import { ownPrefix, portabilityFault } from '../key.ts';
import type { CompleteOptions } from '../options.ts';
import { ServiceLink } from '../service/link.ts';
import { type MemcachedAddress, MemcachedConnection } from '../service/memcached-connection.ts';
import { decode, encode } from '../service/wire-format.ts';

/**
 * A cache in a Memcached server. `location` is its address: `host:port` or `unix:///path/to.sock`.
 * Beside what all {@link AsyncCache}s have in common:
 * - Keys that memcached would refuse are errors: over 250 bytes, white space, control characters.
 * - The server's clock ticks once a second, so entries live up to two seconds longer than asked.
 * - It counts in whole numbers from 0 up: `decr` stops at 0, other numbers cannot be incremented.
 * - It lists no keys: `entries` gives `null`.
 */
export default class MemcachedCache extends AsyncCache {
  constructor(options: CacheOptions = {}) {
    super('memcached', 'Memcached', options, (complete) => new MemcachedStore(complete));
  }
}

/** Of a walk over the keys: how often it is repeated, and the wait for one that is under way. */
const CLEAR_ROUNDS = 10;
const BUSY_MILLIS = 20;

class MemcachedStore implements EntryStore {
  readonly #link: ServiceLink<MemcachedConnection>;
  readonly #address: MemcachedAddress;
  readonly #prefix: string;
  readonly #timeoutMillis: number;

  constructor(options: CompleteOptions) {
    const address = addressOf(options.location);
    this.#address = address;
    this.#prefix = ownPrefix(options);
    this.#timeoutMillis = options.socketTimeout * 1_000;
    this.#link = new ServiceLink({
      name: 'Memcached',
      open(lost) {
        const client = new MemcachedConnection(address, lost);
        return { client, ready: client.ask('version') };
      },
      close: (client) => client.close(),
      timeoutSeconds: options.socketTimeout,
    });
  }

  checkKey(key: string): void {
    const fault = portabilityFault(key) ?? faultInBytes(key);
    if (fault === null) return;
    throw new RangeError(
      `Memcached refuses the key ${JSON.stringify(key.slice(0, 80))}: ${fault}.`,
    );
  }

  async get(key: string): Promise<Found | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: readonly string[]): Promise<(Found | undefined)[]> {
    const { values } = await this.#link.call((client) => client.ask(`get ${keys.join(' ')}`));
    return keys.map((key) => {
      const text = values.get(key);
      return text === undefined ? undefined : decode(text);
    });
  }

  async set(key: string, value: unknown, timeout: number | null): Promise<void> {
    const answer = await this.#store('set', key, value, timeout);
    if (answer !== 'STORED') throw new CacheServiceError(`Memcached answered: ${answer}.`);
  }

  async add(key: string, value: unknown, timeout: number | null): Promise<boolean> {
    return (await this.#store('add', key, value, timeout)) === 'STORED';
  }

  async touch(key: string, timeout: number | null): Promise<boolean> {
    return (await this.#ask(`touch ${key} ${expiry(timeout)}`)) === 'TOUCHED';
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#ask(`delete ${key}`)) === 'DELETED';
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async incr(key: string, delta: number): Promise<number | undefined> {
    if (!Number.isSafeInteger(delta)) {
      throw new RangeError(`Memcached counts in whole numbers, not by ${delta}.`);
    }
    try {
      const answer = await this.#ask(`${delta < 0 ? 'decr' : 'incr'} ${key} ${Math.abs(delta)}`);
      if (answer === 'NOT_FOUND') return undefined;
      if (Number.isSafeInteger(Number(answer))) return Number(answer);
      throw new RangeError(`incr: the sum, ${answer}, is too large to be exact.`);
    } catch (error) {
      if (!(error instanceof CacheServiceError) || !/non-numeric/.test(error.message)) throw error;
      throw new TypeError(
        `incr: the key ${JSON.stringify(key)} does not hold a number that Memcached can count with: a whole one, not below 0.`,
      );
    }
  }

  async clear(): Promise<void> {
    // What is stored meanwhile may be missing from a list: it is asked until it has none.
    for (let round = 0; round < CLEAR_ROUNDS; round++) {
      const keys = await this.#listKeys();
      if (keys.length === 0) return;
      await Promise.all(keys.map((key) => this.delete(key)));
    }
  }

  async entries(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  async #store(
    command: 'set' | 'add',
    key: string,
    value: unknown,
    timeout: number | null,
  ): Promise<string> {
    const text = encode(value);
    const head = `${command} ${key} 0 ${expiry(timeout)} ${Buffer.byteLength(text)}`;
    return this.#ask(`${head}\r\n${text}`);
  }

  async #ask(command: string): Promise<string> {
    return (await this.#link.call((client) => client.ask(command))).end;
  }

  /**
   * The keys of this cache, from the crawler that memcached has for its own upkeep: a walk over its
   * hash table, on a connection of its own (a walk over its lists of recency lacks what it is just
   * moving from one to another). What comes or goes meanwhile may be in the list or not. The server
   * has one walk at a time; one that is under way ends within moments.
   */
  async #listKeys(): Promise<string[]> {
    const until = performance.now() + this.#timeoutMillis;
    const walker = new MemcachedConnection(this.#address, () => {}, this.#timeoutMillis);
    try {
      for (;;) {
        try {
          const { lines } = await walker.ask('lru_crawler metadump hash');
          return lines
            .map((line) => decodeURIComponent(/^key=(\S+)/.exec(line)![1]!))
            .filter((key) => key.startsWith(this.#prefix));
        } catch (error) {
          const { message } = error as Error;
          if (!message.startsWith('BUSY') || performance.now() > until) {
            throw new CacheServiceError(`Memcached could not list its keys: ${message}.`);
          }
          await delay(BUSY_MILLIS);
        }
      }
    } finally {
      walker.close();
    }
  }
}

/** What counts for the server is bytes; outside of ASCII, characters have several. */
function faultInBytes(key: string): string | null {
  if (key === '') return 'it is empty';
  return Buffer.byteLength(key) > 250 ? 'it is longer than 250 bytes' : null;
}

function addressOf(location: string): MemcachedAddress {
  const [, path] = /^unix:\/\/(\/.+)$/.exec(location) ?? [];
  if (path !== undefined) return { path };
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(location) ?? [];
  if (host !== undefined) return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  throw new RangeError(
    `The location of a Memcached cache must be host:port or unix:///path, not ${JSON.stringify(location)}.`,
  );
}

const THIRTY_DAYS = 30 * 86_400;
/** Memcached keeps expiries in 32 bits. */
const LAST_SECOND = 2 ** 31 - 1;

/** 0: never. More than thirty days memcached takes for a date, so those become one. */
function expiry(timeout: number | null): number {
  if (timeout === null) return 0;
  // The clock may tick right after: one second less would cut a timeout of 1 down to nothing.
  const seconds = Math.ceil(timeout) + 1;
  if (seconds <= THIRTY_DAYS) return seconds;
  return Math.min(LAST_SECOND, Math.ceil(Date.now() / 1_000) + seconds);
}
