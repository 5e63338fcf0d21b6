/** A key had to be there and is not: `incr`, `decr`, `incrVersion`, `decrVersion`. */
export class MissingKeyError extends Error {
  override readonly name = 'MissingKeyError';
  readonly key: string;

  constructor(method: string, key: string) {
    super(`${method}: the key ${JSON.stringify(key)} is not in the cache. Store it first.`);
    this.key = key;
  }
}

/**
 * A service that a cache lives in did not do what it was asked: it is gone, it did not answer in
 * time, or it answered with an error. A lookup never throws this; it counts an error and goes on
 * as after a miss. Storing, touching, deleting and counting do, because their callers rely on them.
 */
export class CacheServiceError extends Error {
  override readonly name = 'CacheServiceError';
}
