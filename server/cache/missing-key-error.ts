/** A key had to be there and is not: `incr`, `decr`, `incrVersion`, `decrVersion`. */
export class MissingKeyError extends Error {
  override readonly name = 'MissingKeyError';
  readonly key: string;

  constructor(method: string, key: string) {
    super(`${method}: the key ${JSON.stringify(key)} is not in the cache. Store it first.`);
    this.key = key;
  }
}
