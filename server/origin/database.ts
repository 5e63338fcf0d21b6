import { linkSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A user's page as the database computes it from the user's orders. */
export interface UserPage {
  readonly id: number;
  readonly name: string;
  /** Grows with each update; a reader who sees a smaller one than was written reads stale data. */
  readonly version: number;
  readonly orders: number;
  readonly spentCents: number;
  readonly averageCents: number;
  readonly largestCents: number;
  readonly lastOrderDay: string | null;
}

/**
 * Orders in the database, whatever the number of users: without an index on the user, each page
 * scans them all, so a miss costs the same few milliseconds in every run.
 */
const ORDERS = 80_000;

/** What a database is generated from. Same options, same content. */
export interface DatabaseOptions {
  readonly users: number;
  readonly seed: number;
  /** Default 80,000; with fewer, a miss costs less. */
  readonly orders?: number | undefined;
}

/** The days of a year as they stand in the database: `2025-01-01` … */
const DAYS = Array.from({ length: 365 }, (_, day) =>
  new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
);

/**
 * Writes a database of `users` users and their orders to `file`. Same seed, same content. Where
 * several workers do it at once, the first one's file stays.
 */
export function generateDatabase(file: string, options: DatabaseOptions): void {
  const draft = `${file}.${process.pid}`;
  writeDatabase(draft, options);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDatabase(file: string, options: DatabaseOptions): void {
  const random = xoroshiro128plus(options.seed);
  const below = (limit: number) => Math.floor(uniformFloat64(random) * limit);
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, cents INTEGER NOT NULL,
      day TEXT NOT NULL);
    BEGIN`);
  const insertUser = database.prepare('INSERT INTO users VALUES (?, ?, 1)');
  for (let id = 1; id <= options.users; id++) insertUser.run(id, `User ${id}`);
  const insertOrder = database.prepare('INSERT INTO orders VALUES (?, ?, ?, ?)');
  for (let id = 1; id <= (options.orders ?? ORDERS); id++) {
    const day = DAYS[below(DAYS.length)]!;
    insertOrder.run(id, 1 + below(options.users), 100 + below(50_000), day);
  }
  database.exec('COMMIT');
  database.close();
}

const USER_PAGE = `
  SELECT users.id, users.name, users.version,
    count(orders.id) AS orders,
    coalesce(sum(orders.cents), 0) AS spentCents,
    coalesce(cast(avg(orders.cents) AS INTEGER), 0) AS averageCents,
    coalesce(max(orders.cents), 0) AS largestCents,
    max(orders.day) AS lastOrderDay
  FROM users LEFT JOIN orders ON +orders.user_id = users.id
  WHERE users.id = ?
  GROUP BY users.id`;

/**
 * Opens the database for one worker. With `delayMillis` each answer takes that much longer, as
 * from a database across a network; without it, answers come in the same turn of the event loop,
 * so two requests of one worker never load the same key at once.
 */
export function openDatabase(file: string, options: { delayMillis?: number } = {}) {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  // Several workers query one file at once; an index SQLite makes up by itself would hide the cost.
  // All orders stay in memory, in 16 MB: of the default 2 MB each scan would drop and read them all.
  database.exec('PRAGMA automatic_index = OFF; PRAGMA cache_size = -16000');
  const selectPage = database.prepare(USER_PAGE);
  const rename = database.prepare(
    'UPDATE users SET name = ?, version = version + 1 WHERE id = ? RETURNING version',
  );
  const delayMillis = options.delayMillis ?? 0;
  const answer = <T>(value: T): Promise<T> | T =>
    delayMillis > 0 ? delay(delayMillis, value) : value;
  let queries = 0;
  return {
    /** Reads of a user's page so far. */
    get queries() {
      return queries;
    },
    /** `undefined` when there is no such user. */
    userPage(id: number) {
      queries += 1;
      return answer(selectPage.get(id) as UserPage | undefined);
    },
    /** Renames the user and raises the version; `undefined` when there is no such user. */
    renameUser(id: number, name: string) {
      return answer((rename.get(name, id) as { version: number } | undefined)?.version);
    },
    close: () => database.close(),
  };
}

/** The database that a miss has to ask. Counts what it is asked. */
export type Origin = ReturnType<typeof openDatabase>;
