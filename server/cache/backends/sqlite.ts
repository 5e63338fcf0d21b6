import { DatabaseSync } from 'node:sqlite';
import { AsyncCache } from '../async-cache.ts';
import type { CacheOptions, EntryInfo } from '../cache.ts';
import type { EntryStore, Found } from '../entry-store.ts';
import { CacheServiceError } from '../errors.ts';
import { ownPrefix } from '../key.ts';
import type { CompleteOptions } from '../options.ts';
import { decode, encode } from '../service/wire-format.ts';

/**
 * A cache in an SQLite file that all workers of a machine share, as with Django's database cache: no
 * service to run, and it survives a restart. `location` is the file. Beside what all
 * {@link AsyncCache}s have in common:
 * - The time is this process' clock, and the option `clock` is used.
 * - A store into a cache of `maxEntries` first removes what has expired, of any prefix, and if that is
 *   not enough, 1/`cullFrequency` of its own entries, those that were stored first; 0: all of them.
 *   (Django's takes those whose keys come first in the alphabet.)
 * - One process writes at a time. Who has waited for `socketTimeout` seconds has failed.
 */
export default class SqliteCache extends AsyncCache {
  constructor(options: CacheOptions = {}) {
    super('sqlite', 'Sqlite', options, (complete) => new SqliteStore(complete));
  }
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS entries
    (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires REAL, stored INTEGER NOT NULL)`;

class SqliteStore implements EntryStore {
  readonly #options: CompleteOptions;
  readonly #database: DatabaseSync;
  readonly #ask: ReturnType<typeof statements>;
  /** All keys that begin with the prefix lie from here up to, but not including, there. */
  readonly #own: readonly [from: string, to: string];

  constructor(options: CompleteOptions) {
    this.#options = options;
    const prefix = fileName(ownPrefix(options));
    this.#own = [prefix, `${prefix}\u{10ffff}`];
    const timeout = 1_000 * options.socketTimeout;
    this.#database = new DatabaseSync(options.location || ':memory:', { timeout });
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    this.#database.exec(TABLE);
    this.#ask = statements(this.#database);
  }

  async get(key: string): Promise<Found | undefined> {
    return this.#try(() => this.#found(key));
  }

  async getMany(keys: readonly string[]): Promise<(Found | undefined)[]> {
    return this.#try(() => keys.map((key) => this.#found(key)));
  }

  async set(key: string, value: unknown, timeout: number | null): Promise<void> {
    const text = encode(value);
    this.#alone(() => this.#put(key, text, timeout));
  }

  async add(key: string, value: unknown, timeout: number | null): Promise<boolean> {
    const text = encode(value);
    return this.#alone(() => {
      if (this.#found(key)) return false;
      this.#put(key, text, timeout);
      return true;
    });
  }

  async touch(key: string, timeout: number | null): Promise<boolean> {
    return this.#alone(() => {
      if (!this.#found(key)) return false;
      this.#ask.touch.run(this.#expiry(timeout), fileName(key));
      return true;
    });
  }

  async delete(key: string): Promise<boolean> {
    return this.#alone(() => {
      const was = this.#found(key) !== undefined;
      this.#ask.delete.run(fileName(key));
      return was;
    });
  }

  async has(key: string): Promise<boolean> {
    return this.#try(() => this.#found(key) !== undefined);
  }

  async incr(key: string, delta: number): Promise<number | undefined> {
    return this.#alone(() => {
      const found = this.#found(key);
      if (!found) return undefined;
      if (typeof found.value !== 'number') {
        throw new TypeError(`incr: the key ${JSON.stringify(key)} holds no number.`);
      }
      const sum = found.value + delta;
      this.#ask.change.run(encode(sum), fileName(key));
      return sum;
    });
  }

  async clear(): Promise<void> {
    this.#alone(() => this.#ask.clear.run(...this.#own));
  }

  async entries(): Promise<EntryInfo[]> {
    return this.#try(() =>
      this.#ask.list
        .all(...this.#own)
        .map((row) => ({ key: keyOf(row.key as string), expiresAt: row.expires as number | null })),
    );
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #found(key: string): Found | undefined {
    const row = this.#ask.get.get(fileName(key)) as Row | undefined;
    if (!row || (row.expires !== null && this.#options.clock.hasCome(row.expires)))
      return undefined;
    return decode(row.value);
  }

  #put(key: string, text: string, timeout: number | null): void {
    this.#cull();
    this.#ask.set.run(fileName(key), text, this.#expiry(timeout));
  }

  #cull(): void {
    const { maxEntries, cullFrequency, clock } = this.#options;
    const held = () => (this.#ask.count.get(...this.#own) as { held: number }).held;
    if (held() < maxEntries) return;
    this.#ask.expire.run(clock.in(0));
    const left = held();
    if (left < maxEntries) return;
    const drop = cullFrequency === 0 ? left : Math.floor(left / cullFrequency);
    this.#ask.cull.run(...this.#own, drop);
  }

  #expiry(timeout: number | null): number | null {
    return timeout === null ? null : this.#options.clock.in(timeout);
  }

  /** No other process writes meanwhile; all of it happens, or nothing. */
  #alone<T>(act: () => T): T {
    return this.#try(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = act();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** @throws CacheServiceError for whatever the file or its disk refuses */
  #try<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw cause;
      const message = `SQLite, ${this.#options.location}: ${(cause as Error).message}.`;
      throw new CacheServiceError(message, { cause });
    }
  }
}

interface Row {
  readonly value: string;
  readonly expires: number | null;
}

/** Read anew for each cache: a statement belongs to its connection. */
function statements(database: DatabaseSync) {
  const own = 'key >= ? AND key < ?';
  const prepare = (sql: string) => database.prepare(sql);
  return {
    get: prepare('SELECT value, expires FROM entries WHERE key = ?'),
    set: prepare(`
      INSERT INTO entries SELECT ?, ?, ?, coalesce(max(stored), 0) + 1 FROM entries WHERE true
      ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires, stored = excluded.stored`),
    change: prepare('UPDATE entries SET value = ? WHERE key = ?'),
    touch: prepare('UPDATE entries SET expires = ? WHERE key = ?'),
    delete: prepare('DELETE FROM entries WHERE key = ?'),
    clear: prepare(`DELETE FROM entries WHERE ${own}`),
    list: prepare(`SELECT key, expires FROM entries WHERE ${own}`),
    count: prepare(`SELECT count(*) AS held FROM entries WHERE ${own}`),
    expire: prepare('DELETE FROM entries WHERE expires <= ?'),
    cull: prepare(`
      DELETE FROM entries WHERE key IN (SELECT key FROM entries WHERE ${own} ORDER BY stored LIMIT ?)`),
  };
}

/** A key as the file has it: SQLite's text ends at a NUL, and has no place for lone surrogates. */
const fileName = (key: string) => JSON.stringify(key).slice(1, -1);
const keyOf = (name: string) => JSON.parse(`"${name}"`) as string;
