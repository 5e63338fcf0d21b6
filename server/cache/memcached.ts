import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createNode, type MemcacheNode } from 'memcache';
import type { CacheOptions } from './cache.ts';
import { CacheServiceError } from './cache-service-error.ts';
import { portabilityFault } from './key.ts';
import type { CompleteOptions } from './options.ts';
import { ownPrefix } from './redis.ts';
import { type EntryStore, type Found, ServiceCache } from './service-cache.ts';
import { ServiceLink } from './service-link.ts';
import { decode, encode } from './wire-format.ts';

/**
 * A cache in a Memcached server. `location` is its address: `host:port`. Beside what all
 * {@link ServiceCache}s have in common:
 * - Keys that memcached would refuse are errors: over 250 bytes, white space, control characters.
 * - The server's clock ticks once a second, so entries live up to two seconds longer than asked.
 * - It counts in whole numbers from 0 up: `decr` stops at 0, other numbers cannot be incremented.
 * - It lists no keys: `entries` gives `null`.
 */
export class MemcachedCache extends ServiceCache {
  constructor(options: CacheOptions = {}) {
    super({ backend: 'memcached', statusName: 'Memcached' }, options, (complete) => {
      return new MemcachedStore(complete);
    });
  }
}

/** Of the client only the node is used: its cache class takes an error for a missing key. */
class MemcachedStore implements EntryStore {
  readonly #link: ServiceLink<MemcacheNode>;
  readonly #address: Address;
  readonly #prefix: string;
  readonly #timeoutMillis: number;

  constructor(options: CompleteOptions) {
    this.#address = addressOf(options.location);
    this.#prefix = ownPrefix(options);
    this.#timeoutMillis = options.socketTimeout * 1_000;
    this.#link = new ServiceLink(connector(this.#address), {
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
    const answer = (await this.#ask(`get ${keys.join(' ')}`, {
      isMultiline: true,
      requestedKeys: [...keys],
    })) as { values?: string[]; foundKeys: string[] };
    const texts = new Map(answer.foundKeys.map((key, index) => [key, answer.values![index]!]));
    return keys.map((key) => {
      const text = texts.get(key);
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
      if (Number.isSafeInteger(answer)) return answer as number;
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

  /** The server's own crawler has one walk at a time; a walk that is under way ends within moments. */
  async #listKeys(): Promise<string[]> {
    const until = performance.now() + this.#timeoutMillis;
    for (;;) {
      try {
        return await listKeys(this.#address, this.#prefix, this.#timeoutMillis);
      } catch (error) {
        const isBusy = error instanceof CacheServiceError && error.message.includes('BUSY');
        if (!isBusy || performance.now() > until) throw error;
        await delay(BUSY_MILLIS);
      }
    }
  }

  async entries(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  #store(command: 'set' | 'add', key: string, value: unknown, timeout: number | null) {
    const text = encode(value);
    const head = `${command} ${key} 0 ${expiry(timeout)} ${Buffer.byteLength(text)}`;
    return this.#ask(`${head}\r\n${text}`);
  }

  #ask(command: string, options?: Parameters<MemcacheNode['command']>[1]): Promise<unknown> {
    return this.#link.call((node) => node.command(command, options));
  }
}

const CLEAR_ROUNDS = 10;
const BUSY_MILLIS = 20;

/** What counts for the server is bytes; outside of ASCII, characters have several. */
function faultInBytes(key: string): string | null {
  if (key === '') return 'it is empty';
  return Buffer.byteLength(key) > 250 ? 'it is longer than 250 bytes' : null;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf(location: string): Address {
  const match = /^(.+):(\d{1,5})$/.exec(location);
  if (match) return { host: match[1]!.replace(/^\[(.*)\]$/, '$1'), port: Number(match[2]) };
  throw new RangeError(
    `The location of a Memcached cache must be host:port, not ${JSON.stringify(location)}.`,
  );
}

/** The longest delay that a timer takes: an idle connection is no reason to close it. */
const NO_IDLE_LIMIT = 2 ** 31 - 1;

function connector({ host, port }: Address) {
  return {
    name: 'Memcached',
    open(lost: (reason: Error) => void) {
      const client = createNode(host, port, { timeout: NO_IDLE_LIMIT });
      client.on('error', lost);
      client.on('close', () => lost(new Error('the connection was closed')));
      return { client, ready: client.connect().then(() => client.command('version')) };
    },
    close(client: MemcacheNode) {
      void client.disconnect();
    },
  };
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

/**
 * The keys that begin with `prefix`, from the crawler that memcached has for its own upkeep: a
 * walk over its hash table, over a connection of its own (a walk over its lists of recency lacks what
 * it is just moving from one to another). What comes or goes meanwhile may be in the list or not.
 */
function listKeys({ host, port }: Address, prefix: string, idleMillis: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (why: string) => {
      socket.destroy();
      reject(new CacheServiceError(`Memcached could not list its keys: ${why}.`));
    };
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(idleMillis, () => fail('it did not answer in time'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('the connection was closed'));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (/^(ERROR|CLIENT_ERROR|SERVER_ERROR|BUSY)/.test(text)) return fail(text.trim());
      if (!/(^|\n)END\r?\n$/.test(text)) return;
      const keys = [...text.matchAll(/^key=(\S+)/gm)].map(([, key]) => decodeURIComponent(key!));
      resolve(keys.filter((key) => key.startsWith(prefix)));
      socket.destroy();
    });
    socket.write('lru_crawler metadump hash\r\n');
  });
}
