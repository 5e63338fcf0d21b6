import { inspect } from 'node:util';
import type { CacheOptions, KeyOptions, StoreOptions } from './cache.ts';
import { type Clock, givenClock, machineClock } from './clock.ts';

type Defined<T> = { readonly [Name in keyof T]-?: Exclude<T[Name], undefined> };

/** Options with Django's defaults filled in. */
export interface CompleteOptions extends Defined<Omit<CacheOptions, 'clock' | 'keyFunction'>> {
  readonly clock: Clock;
  readonly keyFunction: CacheOptions['keyFunction'];
}

const DEFAULTS: CompleteOptions = {
  location: '',
  timeout: 300,
  maxEntries: 300,
  cullFrequency: 3,
  keyPrefix: '',
  version: 1,
  keyFunction: undefined,
  clock: machineClock,
  socketTimeout: 1,
};

/**
 * Fills in the defaults and checks every option. Django replaces what makes no sense by a default
 * in silence; here it is an error.
 *
 * @throws TypeError for an option of the wrong kind or one that does not exist, RangeError for one
 * out of range
 */
export function completeOptions(options: CacheOptions): CompleteOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `Cache options must be an object like { timeout: 60 }, not ${show(options)}.`,
    );
  }
  const complete: Record<string, unknown> = { ...DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new TypeError(
        `There is no cache option ${JSON.stringify(name)}. Options: ${Object.keys(DEFAULTS).join(', ')}.`,
      );
    }
    if (value === undefined) continue;
    mustBe(KINDS[name as keyof CompleteOptions], name, value);
    complete[name] = name === 'clock' ? givenClock(value as () => number) : value;
  }
  return complete as unknown as CompleteOptions;
}

/** What a value has to be. */
interface Kind {
  readonly type: 'number' | 'string' | 'function';
  readonly inWords: string;
  /** Of numbers: which of them. */
  fits?(value: number): boolean;
  readonly orNull?: boolean;
}

const TEXT: Kind = { type: 'string', inWords: 'text' };
const FUNCTION: Kind = { type: 'function', inWords: 'a function' };
const DELTA: Kind = { type: 'number', inWords: 'a finite number', fits: Number.isFinite };
const VERSION: Kind = { type: 'number', inWords: 'a whole number', fits: Number.isSafeInteger };
const COUNT: Kind = {
  type: 'number',
  inWords: 'a whole number, 0 or more',
  fits: (value) => Number.isSafeInteger(value) && value >= 0,
};
const TIMEOUT: Kind = {
  type: 'number',
  inWords: 'a number of seconds, or null for never',
  fits: Number.isFinite,
  orNull: true,
};
const SPAN: Kind = {
  type: 'number',
  inWords: 'a number of seconds above 0',
  fits: (value) => Number.isFinite(value) && value > 0,
};

const KINDS: Readonly<Record<keyof CompleteOptions, Kind>> = {
  location: TEXT,
  timeout: TIMEOUT,
  maxEntries: COUNT,
  cullFrequency: COUNT,
  keyPrefix: TEXT,
  version: VERSION,
  keyFunction: FUNCTION,
  clock: FUNCTION,
  socketTimeout: SPAN,
};

function mustBe(kind: Kind, name: string, value: unknown): void {
  if (value === null && kind.orNull) return;
  const isOfType = typeof value === kind.type;
  if (isOfType && (kind.fits?.(value as number) ?? true)) return;
  const Wrong = isOfType ? RangeError : TypeError;
  throw new Wrong(`The cache option ${name} must be ${kind.inWords}, not ${show(value)}.`);
}

/**
 * The timeout that a call asks for, or the cache's own; in seconds, `null` for never.
 *
 * @throws TypeError or RangeError for what is no timeout
 */
export function chosenTimeout(
  options: StoreOptions | undefined,
  own: number | null,
): number | null {
  const timeout = options?.timeout;
  if (timeout === undefined) return own;
  mustBe(TIMEOUT, 'timeout', timeout);
  // As Django: expired even when the clock steps back a little right after the call.
  return timeout === 0 ? -1 : timeout;
}

/**
 * The version that a call asks for, or the cache's own.
 *
 * @throws TypeError or RangeError for what is no version, or no options
 */
export function chosenVersion(options: KeyOptions | undefined, own: number): number {
  if (options === undefined) return own;
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `The last argument must be an object like { timeout: 60, version: 2 }, not ${show(options)}.`,
    );
  }
  const { version } = options;
  if (version === undefined) return own;
  mustBe(VERSION, 'version', version);
  return version;
}

/** @throws TypeError or RangeError unless it is a `delta` that `incr` and its kin can add */
export function mustBeDelta(delta: unknown): void {
  mustBe(DELTA, 'delta', delta);
}

/** A value as an error message shows it: short, on one line. */
export function show(value: unknown): string {
  const text = inspect(value, {
    depth: 0,
    maxStringLength: 80,
    breakLength: Number.POSITIVE_INFINITY,
  });
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
