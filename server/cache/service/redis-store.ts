import { ErrorReply } from '@redis/client';
import type { EntryInfo } from '../cache.ts';
import type { EntryStore, Found } from '../entry-store.ts';
import { ownPrefix } from '../key.ts';
import type { CompleteOptions } from '../options.ts';
import { redisLink } from './redis-link.ts';
import { decode, encode } from './wire-format.ts';

/** Entries in Redis: each is one key with its own expiry, in milliseconds. */
export class RedisStore implements EntryStore {
  readonly #link: ReturnType<typeof redisLink>;
  readonly #prefix: string;

  constructor(options: CompleteOptions) {
    this.#link = redisLink(options);
    this.#prefix = ownPrefix(options);
  }

  async get(key: string): Promise<Found | undefined> {
    return found(await this.#link.call((redis) => redis.get(sent(key)).catch(noneOfOurs)));
  }

  async getMany(keys: readonly string[]): Promise<(Found | undefined)[]> {
    const texts = await this.#link.call((redis) => redis.mGet(keys.map(sent)));
    return texts.map(found);
  }

  /** The value and the milliseconds it has left (`null`: for ever), in one round trip. */
  async getWithExpiry(
    key: string,
  ): Promise<{ value: unknown; millisLeft: number | null } | undefined> {
    const [text, millis] = await this.#link.call((redis) =>
      Promise.all([redis.get(sent(key)).catch(noneOfOurs), redis.pTTL(sent(key))]),
    );
    const entry = found(text);
    return entry && { ...entry, millisLeft: millis < 0 ? null : millis };
  }

  async set(key: string, value: unknown, timeout: number | null): Promise<void> {
    const text = encode(value);
    await this.#link.call((redis) => redis.set(sent(key), text, expiry(timeout)));
  }

  async add(key: string, value: unknown, timeout: number | null): Promise<boolean> {
    const text = encode(value);
    const answer = await this.#link.call((redis) =>
      redis.set(sent(key), text, { ...expiry(timeout), condition: 'NX' }),
    );
    return answer !== null;
  }

  async touch(key: string, timeout: number | null): Promise<boolean> {
    return this.#link.call(async (redis) => {
      if (timeout !== null) return (await redis.pExpire(sent(key), millis(timeout))) === 1;
      const [exists] = await Promise.all([redis.exists(sent(key)), redis.persist(sent(key))]);
      return exists === 1;
    });
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#link.call((redis) => redis.unlink(sent(key)))) === 1;
  }

  async has(key: string): Promise<boolean> {
    return (await this.#link.call((redis) => redis.exists(sent(key)))) === 1;
  }

  async incr(key: string, delta: number): Promise<number | undefined> {
    const answer = await this.#link.call((redis) =>
      redis.eval(INCREMENT, { keys: [sent(key)], arguments: [String(delta)] }),
    );
    const [status, sum] = answer as [string, string?];
    if (status === 'missing') return undefined;
    if (status === 'not a number') {
      throw new TypeError(`incr: the key ${JSON.stringify(key)} does not hold a number.`);
    }
    if (status === 'too large') {
      throw new RangeError(`incr: the sum of ${sum} and ${delta} is too large to be exact.`);
    }
    return Number(sum);
  }

  async clear(): Promise<void> {
    for await (const keys of this.#ownKeys()) {
      if (keys.length > 0) await this.#link.call((redis) => redis.unlink(keys));
    }
  }

  /** In no order: Redis does not tell which was used when. */
  async entries(): Promise<EntryInfo[]> {
    const entries = new Map<string, EntryInfo>();
    for await (const keys of this.#ownKeys()) {
      const now = Date.now();
      const left = await this.#link.call((redis) =>
        Promise.all(keys.map((key) => redis.pTTL(key))),
      );
      keys.forEach((key, index) => {
        const millisLeft = left[index]!;
        // −2: it expired between the two questions. −1: it never will.
        if (millisLeft === -2) return;
        entries.set(key, { key, expiresAt: millisLeft < 0 ? null : (now + millisLeft) / 1_000 });
      });
    }
    return [...entries.values()];
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  /** A key that is there throughout comes at least once; it may come twice. */
  async *#ownKeys(): AsyncGenerator<string[]> {
    const pattern = `${this.#prefix.replaceAll(/[\\*?[\]]/g, '\\$&')}*`;
    let cursor = '0';
    do {
      const page = await this.#link.call((redis) =>
        redis.scan(cursor, { MATCH: pattern, COUNT: 1_000 }),
      );
      cursor = String(page.cursor);
      yield page.keys;
    } while (cursor !== '0');
  }
}

/**
 * Adds to a number in one step, whoever else does, and leaves the expiry alone. INCRBY itself is
 * exact up to 64 bits, but a JavaScript number is not: beyond 2^53 it refuses, as local memory does.
 */
const INCREMENT = `
local text = redis.call('GET', KEYS[1])
if not text then return {'missing'} end
local value = tonumber(text)
if not value or not string.match(text, '^%-?[%d.]+[eE]?[+-]?%d*$') then return {'not a number'} end
local sum = value + tonumber(ARGV[1])
local whole = string.match(text, '^%-?%d+$') and string.match(ARGV[1], '^%-?%d+$')
if not whole then
  if sum - sum ~= 0 then return {'too large', text} end
  local written = string.format('%.17g', sum)
  redis.call('SET', KEYS[1], written, 'KEEPTTL')
  return {'sum', written}
end
if sum > 9007199254740991 or sum < -9007199254740991 then return {'too large', text} end
return {'sum', tostring(redis.call('INCRBY', KEYS[1], ARGV[1]))}`;

function found(text: string | null): Found | undefined {
  return text === null ? undefined : decode(text);
}

/** Another program keeps a list or the like under our key: for us there is nothing. */
function noneOfOurs(error: unknown): null {
  if (error instanceof ErrorReply && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
}

/** Redis keys are bytes: lone surrogates, which UTF-8 cannot say, would all become the same key. */
function sent(key: string): string {
  if (key.isWellFormed()) return key;
  return `${key.toWellFormed()}:utf16:${Buffer.from(key, 'utf16le').toString('base64')}`;
}

/** Redis adds the time now, in milliseconds, and refuses what no longer fits. */
const LONGEST_MILLIS = 2 ** 52;

function millis(timeout: number): number {
  return Math.min(LONGEST_MILLIS, Math.max(1, Math.round(timeout * 1_000)));
}

function expiry(timeout: number | null) {
  return timeout === null ? {} : { expiration: { type: 'PX', value: millis(timeout) } as const };
}
