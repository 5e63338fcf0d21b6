import { inspect } from 'node:util';
import type { CacheOptions, KeyOptions, StoreOptions } from './cache.ts';
import { type Clock, GivenClock, machineClock } from './clock.ts';

/** Options with Django's defaults filled in. */
export interface CompleteOptions {
  readonly location: string;
  readonly timeout: number | null;
  readonly maxEntries: number;
  readonly cullFrequency: number;
  readonly keyPrefix: string;
  readonly version: number;
  readonly keyFunction: CacheOptions['keyFunction'];
  readonly clock: Clock;
  readonly socketTimeout: number;
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
    CHECKS[name as keyof CompleteOptions](name, value);
    complete[name] = name === 'clock' ? new GivenClock(value as () => number) : value;
  }
  return complete as unknown as CompleteOptions;
}

const CHECKS: Record<keyof CompleteOptions, (name: string, value: unknown) => void> = {
  location: mustBeText,
  timeout: mustBeTimeout,
  maxEntries: mustBeCount,
  cullFrequency: mustBeCount,
  keyPrefix: mustBeText,
  version: mustBeVersion,
  keyFunction: mustBeFunction,
  clock: mustBeFunction,
  socketTimeout: mustBeSpan,
};

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
  mustBeTimeout('timeout', timeout);
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
  mustBeVersion('version', version);
  return version;
}

/** @throws TypeError or RangeError unless it is a `delta` that `incr` and its kin can add */
export function mustBeDelta(delta: unknown): asserts delta is number {
  if (typeof delta !== 'number') throw wrong(TypeError, 'delta', delta, 'a number');
  if (!Number.isFinite(delta)) throw wrong(RangeError, 'delta', delta, 'a finite number');
}

function mustBeVersion(name: string, value: unknown): void {
  if (typeof value !== 'number') throw wrong(TypeError, name, value, 'a whole number');
  if (!Number.isSafeInteger(value)) throw wrong(RangeError, name, value, 'a whole number');
}

function mustBeTimeout(name: string, value: unknown): void {
  const right = 'a number of seconds, or null for never';
  if (value === null) return;
  if (typeof value !== 'number') throw wrong(TypeError, name, value, right);
  if (!Number.isFinite(value)) throw wrong(RangeError, name, value, right);
}

function mustBeCount(name: string, value: unknown): void {
  const right = 'a whole number, 0 or more';
  if (typeof value !== 'number') throw wrong(TypeError, name, value, right);
  if (!Number.isSafeInteger(value) || value < 0) throw wrong(RangeError, name, value, right);
}

function mustBeSpan(name: string, value: unknown): void {
  const right = 'a number of seconds above 0';
  if (typeof value !== 'number') throw wrong(TypeError, name, value, right);
  if (!Number.isFinite(value) || value <= 0) throw wrong(RangeError, name, value, right);
}

function mustBeText(name: string, value: unknown): void {
  if (typeof value !== 'string') throw wrong(TypeError, name, value, 'text');
}

function mustBeFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw wrong(TypeError, name, value, 'a function');
}

function wrong(
  Kind: typeof TypeError | typeof RangeError,
  name: string,
  value: unknown,
  right: string,
): Error {
  return new Kind(`The cache option ${name} must be ${right}, not ${show(value)}.`);
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
