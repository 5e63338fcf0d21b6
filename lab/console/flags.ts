import { Command, Option } from 'commander';
import { type Fault, UsageError } from './errors.ts';

/** Why the text after a flag cannot be used, as a clause: `it needs a whole number from 1 to 64`. */
export class UnusableValue extends Error {}

/** Stands for a value that was refused; commander would put a default of its own for `undefined`. */
const REFUSED = Symbol('refused');

/** A flag with a value: how it is written, what it is about, how its text is read. */
export type FlagOf<Value> = readonly [
  flags: string,
  about: string,
  read: (text: string) => Value,
  inPlace?: Value,
];

/**
 * A command whose flags keep what they refuse (an {@link UnusableValue}) instead of ending it, so that
 * all faults of an invocation are told at once.
 */
export class LabCommand extends Command {
  readonly #faults: Fault[] = [];

  /** @throws UsageError that tells what the flags refused and all that is given here, where there is any */
  refuse(...others: readonly (readonly Fault[])[]): void {
    const faults = [...this.#faults, ...others.flat()];
    if (faults.length > 0) throw new UsageError(faults);
  }

  override createOption(flags: string, description?: string): Option {
    return new Flag(flags, description, this.#faults);
  }
}

class Flag extends Option {
  readonly #faults: Fault[];

  constructor(flags: string, description: string | undefined, faults: Fault[]) {
    super(flags, description);
    this.#faults = faults;
  }

  /** `--help` shows it as a person would type it. */
  override default(value: unknown, description = value && String(value)): this {
    return super.default(value, description as string);
  }

  override argParser<Value>(read: (text: string, previous: Value) => Value): this {
    return super.argParser((text, previous: Value) => {
      try {
        return read(text, previous);
      } catch (error) {
        if (!(error instanceof UnusableValue)) throw error;
        const message = `${this.long} ${text === '' ? '""' : text}: ${error.message}.`;
        this.#faults.push({ message, remedy: 'Run with --help to see the choices.' });
        return this.defaultValue ?? REFUSED;
      }
    });
  }
}

/** The flags without those that were refused and have no default. */
export function accepted<Flags extends object>(flags: Flags): Flags {
  const kept = Object.entries(flags).filter(([, value]) => value !== REFUSED);
  return Object.fromEntries(kept) as Flags;
}

/** Decimal digits, within these bounds. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text.trim()) || value < low || value > high) {
      throw new UnusableValue(`it needs a whole number from ${low} to ${high}`);
    }
    return value;
  };
}

/** A decimal number, also like 1e6, within these bounds. */
export function number(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (!(value >= low && value <= high)) {
      throw new UnusableValue(`it needs a number from ${low} to ${high}`);
    }
    return value;
  };
}

/** Not a number for what JavaScript alone takes for one: `0x10`, an empty text. */
function decimal(text: string): number {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Thirty years, in seconds. */
const LONGEST_TIMEOUT = 1e9;

/** "never" is Infinity here: commander takes null from a parser for a value that is missing. */
export function timeout(text: string): number {
  if (text === 'never') return Infinity;
  const value = decimal(text);
  if (!(value > 0 && value <= LONGEST_TIMEOUT)) {
    throw new UnusableValue(`it needs seconds above 0 up to ${LONGEST_TIMEOUT}, or "never"`);
  }
  return value;
}

const SECONDS_IN = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds; also with a unit: `6h`, `90m`. */
export function span(text: string): number {
  const [, amount = '', unit = 's'] = /^(.*?)([smhd])?$/.exec(text.trim()) ?? [];
  const value = decimal(amount) * SECONDS_IN[unit as keyof typeof SECONDS_IN];
  if (!(value > 0 && value <= LONGEST_TIMEOUT)) {
    throw new UnusableValue('it needs a time above 0, e.g. 6h, 90m, 30s or 1d');
  }
  return value;
}

/** One of these words. */
export function oneOf<Name extends string>(valid: readonly Name[]): (text: string) => Name {
  return (text) => {
    const found = valid.find((name) => name === text);
    if (found === undefined) throw new UnusableValue(`it needs one of: ${valid.join(', ')}`);
    return found;
  };
}

/** One or more of these words, `a,b`. */
export function namesFrom<Name extends string>(valid: readonly Name[]): (text: string) => Name[] {
  return listOf(oneOf(valid), `of: ${valid.join(', ')}`);
}

/** `1,4,16` */
export function wholeNumbers(low: number, high: number): (text: string) => number[] {
  return listOf(wholeNumber(low, high), `whole numbers from ${low} to ${high}`);
}

/** No repeats, order kept as given. */
function listOf<One>(read: (text: string) => One, what: string): (text: string) => One[] {
  return (text) => {
    const parts = splitList(text);
    if (parts.length === 0) throw new UnusableValue(`it needs one or more ${what}`);
    return [...new Set(parts.map(read))];
  };
}

/** A text that is not empty, as an unset variable of a shell would make it. */
export function text(given: string): string {
  if (given.trim() === '') throw new UnusableValue('it is empty');
  return given;
}

/** `redis://host:port`, `rediss://…` or `unix:///path`. */
export function redisUrl(text: string): string {
  if (/^(rediss?:\/\/[^/]|unix:\/\/\/)/.test(text) && URL.canParse(text)) return text;
  throw new UnusableValue('it needs redis://host:port or unix:///path/to.sock');
}

/** `127.0.0.1:11211` or `unix:///path`. */
export function memcachedAddress(text: string): string {
  if (/^unix:\/\/\/\S/.test(text)) return text;
  const port = Number(/^[^\s/]+:(\d{1,5})$/.exec(text)?.[1]);
  if (port >= 1 && port <= 65_535) return text;
  throw new UnusableValue('it needs host:port, e.g. 127.0.0.1:11211, or unix:///path/to.sock');
}

/** `1,4` → ['1', '4']. An empty place stays, so that `1,,4` is refused and not guessed at. */
export function splitList(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
}
