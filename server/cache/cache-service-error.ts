/**
 * A service that a cache lives in did not do what it was asked: it is gone, it did not answer in
 * time, or it answered with an error. A lookup never throws this; it counts an error and goes on
 * as after a miss. Storing, touching, deleting and counting do, because their callers rely on them.
 */
export class CacheServiceError extends Error {
  override readonly name = 'CacheServiceError';
}
