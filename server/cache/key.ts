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

  /** The made key. A TypeError for a key that is not text. */
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

export function mustBeKey(key: unknown): asserts key is string {
  if (typeof key !== 'string') {
    throw new TypeError(`A cache key must be text, not ${show(key)}. Write String(key).`);
  }
}

/** The keys of `getMany` and `deleteMany`: an array or another iterable, but not one text. */
export function mustBeKeys(keys: unknown): asserts keys is Iterable<string> {
  if (typeof keys === 'object' && keys !== null && Symbol.iterator in keys) return;
  throw new TypeError(`Keys must be an array of texts, not ${show(keys)}.`);
}

const warnedAbout = new Set<string>();

/**
 * Warns, once per key, about a made key that memcached would refuse: more than 250 characters, or
 * white space and control characters. Such keys work here; they would not after a change of backend.
 */
export function warnIfNotPortable(madeKey: string): void {
  const fault =
    madeKey.length > MEMCACHED_KEY_LENGTH
      ? `it is longer than ${MEMCACHED_KEY_LENGTH} characters`
      : // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        /[\u0000-\u0020\u007f]/.test(madeKey)
        ? 'it holds white space or control characters'
        : null;
  if (fault === null || warnedAbout.size > KEYS_WARNED_ABOUT) return;
  // A long key is remembered by its beginning and length, so that the memory stays bounded.
  const id = madeKey.length > 300 ? `${madeKey.slice(0, 300)}…${madeKey.length}` : madeKey;
  if (warnedAbout.has(id)) return;
  warnedAbout.add(id);
  const last = warnedAbout.size > KEYS_WARNED_ABOUT;
  process.emitWarning(
    `Memcached would refuse the cache key ${show(madeKey)}: ${fault}.${last ? ' No further keys are reported.' : ''}`,
    { type: 'CacheKeyWarning', code: 'CACHE_KEY_NOT_PORTABLE' },
  );
}
