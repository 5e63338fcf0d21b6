import type { KeyOptions } from './cache.ts';
import { type CompleteOptions, chosenVersion, show } from './options.ts';

/** Longest key that memcached takes, in characters. */
const MEMCACHED_KEY_LENGTH = 250;
/** Keys remembered in order to warn about each only once; beyond, one last warning says so. */
const KEYS_WARNED_ABOUT = 1000;

type KeyMakerOptions = Pick<CompleteOptions, 'keyPrefix' | 'version' | 'keyFunction'>;

/** Makes the key under which an entry is stored: `prefix:version:key`, or what `keyFunction` says. */
export class KeyMaker {
  /** What stands before every key of the default version; `null` when a function makes the keys. */
  readonly head: string | null;
  readonly #options: KeyMakerOptions;

  constructor(options: KeyMakerOptions) {
    this.#options = options;
    this.head = options.keyFunction ? null : `${options.keyPrefix}:${options.version}:`;
  }

  /** @throws TypeError for a key that is not text */
  make(key: string, options?: KeyOptions): string {
    mustBeKey(key);
    const version = chosenVersion(options, this.#options.version);
    const { keyPrefix, keyFunction } = this.#options;
    if (!keyFunction) return `${keyPrefix}:${version}:${key}`;
    const made: unknown = keyFunction(key, keyPrefix, version);
    if (typeof made !== 'string') {
      throw new TypeError(`keyFunction must return text; for ${show(key)} it gave ${show(made)}.`);
    }
    return made;
  }
}

/**
 * The prefix by which a cache in a service knows its own keys.
 *
 * @throws RangeError for a `keyFunction` without a `keyPrefix`: nothing would tell the keys apart
 * from those of other programs
 */
export function ownPrefix({ keyPrefix, keyFunction }: CompleteOptions): string {
  if (!keyFunction) return `${keyPrefix}:`;
  if (keyPrefix !== '') return keyPrefix;
  throw new RangeError(
    'A shared cache with a keyFunction needs a keyPrefix too, and the function has to put it first: clear() removes what begins with it.',
  );
}

function mustBeKey(key: unknown): asserts key is string {
  if (typeof key !== 'string') {
    throw new TypeError(`A cache key must be text, not ${show(key)}. Write String(key).`);
  }
}

/** @throws TypeError unless these are many keys: an array or another iterable, but not one text */
export function mustBeKeys(keys: unknown): asserts keys is Iterable<string> {
  if (typeof keys === 'object' && keys !== null && Symbol.iterator in keys) return;
  throw new TypeError(`Keys must be an array of texts, not ${show(keys)}.`);
}

/**
 * The pairs of `setMany`, one after the other.
 *
 * @throws TypeError for what is not made of pairs
 */
export function* checkedPairs(entries: unknown): Generator<readonly [string, unknown]> {
  const right = 'pairs [key, value], as in a Map or from Object.entries(object)';
  if (typeof entries !== 'object' || entries === null || !(Symbol.iterator in entries)) {
    throw new TypeError(`setMany takes ${right}, not ${show(entries)}.`);
  }
  for (const pair of entries as Iterable<unknown>) {
    if (!Array.isArray(pair)) throw new TypeError(`setMany takes ${right}; it met ${show(pair)}.`);
    yield pair as unknown as readonly [string, unknown];
  }
}

/** Why memcached would refuse a made key, or null. Django warns about exactly these. */
export function portabilityFault(madeKey: string): string | null {
  // Characters, as Python counts them: a pair of surrogates is one.
  if (madeKey.length > MEMCACHED_KEY_LENGTH && [...madeKey].length > MEMCACHED_KEY_LENGTH) {
    return `it is longer than ${MEMCACHED_KEY_LENGTH} characters`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(madeKey)) return 'it holds white space or control characters';
  return null;
}

const warnedAbout = new Set<string>();

/**
 * Warns, once per key, about a made key that memcached would refuse. Such keys work here; they
 * would not after a change of backend.
 */
export function warnIfNotPortable(madeKey: string): void {
  const fault = portabilityFault(madeKey);
  if (fault === null || warnedAbout.size > KEYS_WARNED_ABOUT) return;
  // Of a long key the beginning and the length are remembered, to bound the memory.
  const id = madeKey.length > 300 ? `${madeKey.slice(0, 300)}…${madeKey.length}` : madeKey;
  if (warnedAbout.has(id)) return;
  warnedAbout.add(id);
  const last = warnedAbout.size > KEYS_WARNED_ABOUT;
  process.emitWarning(
    `Memcached would refuse the cache key ${show(madeKey)}: ${fault}.${last ? ' No further keys are reported.' : ''}`,
    { type: 'CacheKeyWarning', code: 'CACHE_KEY_NOT_PORTABLE' },
  );
}
