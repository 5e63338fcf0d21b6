import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { scenarios } from '../../scenarios/index.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { backendNames } from '../../server/cache/index.ts';
import { launcherNames } from '../fleet/index.ts';
import { ROUTINGS } from '../traffic/drive.ts';
import { POPULARITIES } from '../traffic/workload.ts';
import { usageError } from './errors.ts';

export const MAX_WORKERS = 64;

/** What a run without flags does; scenarios have defaults of their own above these. */
export const DEFAULTS: ScenarioOptions = {
  workers: [4],
  launcher: 'cluster',
  backends: ['locmem'],
  requests: 4_000,
  connections: 40,
  routing: 'keep-alive',
  ratePerSecond: null,
  popularity: 'zipf',
  zipf: 0.8,
  keys: 200,
  seed: 1,
  maxEntries: 300,
  timeoutSeconds: 300,
  cullFrequency: 3,
  originDelayMillis: 0,
  rounds: 1,
};

/** The flags of a run, in the order of `--help`: each field, its flag, and how its text is read. */
export const FLAGS: { [Field in keyof ScenarioOptions]: () => Option } = {
  workers: () =>
    new Option(
      '-w, --workers <list>',
      `workers per arm, 1 to ${MAX_WORKERS}; a list is a sweep`,
    ).argParser(wholeNumbers(1, MAX_WORKERS)),
  launcher: () => oneOf('-l, --launcher <name>', 'what starts the workers', launcherNames),
  backends: () =>
    new Option(
      '-b, --backends <list>',
      `where entries are kept: ${backendNames.join(', ')}`,
    ).argParser(namesFrom(backendNames)),
  requests: () =>
    new Option('-r, --requests <n>', 'requests in each arm').argParser(wholeNumber(1, 10_000_000)),
  connections: () =>
    new Option('-c, --connections <n>', 'connections of the clients').argParser(
      wholeNumber(1, 10_000),
    ),
  routing: () =>
    oneOf(
      '--routing <way>',
      'keep-alive; fresh: a new connection for each request; by-key: the same key always to the same worker, through a balancer',
      [...ROUTINGS],
    ),
  ratePerSecond: () =>
    new Option('--rate <n>', 'requests per second; default: as fast as answers come').argParser(
      wholeNumber(1, 100_000),
    ),
  popularity: () =>
    oneOf('--popularity <law>', 'how often each key is asked for', [...POPULARITIES]),
  zipf: () =>
    new Option('--zipf <s>', "exponent of Zipf's law: larger is more uneven").argParser(
      number(0, 10),
    ),
  keys: () => new Option('-k, --keys <n>', 'different keys').argParser(wholeNumber(1, 1_000_000)),
  seed: () =>
    new Option('--seed <n>', 'repeats a run to the key').argParser(wholeNumber(0, 2_147_483_647)),
  maxEntries: () =>
    new Option('--max-entries <n>', 'MAX_ENTRIES of each cache').argParser(
      wholeNumber(1, 10_000_000),
    ),
  timeoutSeconds: () =>
    new Option('--timeout <seconds>', 'TIMEOUT of entries, or "never"').argParser(timeout),
  cullFrequency: () =>
    new Option('--cull-frequency <n>', 'a full cache drops 1/n of its entries; 0: all').argParser(
      wholeNumber(0, 10_000_000),
    ),
  originDelayMillis: () =>
    new Option('--origin-delay <ms>', 'distance of the database across a network').argParser(
      number(0, 10_000),
    ),
  rounds: () =>
    new Option('--rounds <n>', 'repeats every arm, arms interleaved').argParser(
      wholeNumber(1, 100),
    ),
};

/** What a person gave, by field; a field that is not there was not given. */
export type GivenOptions = Partial<ScenarioOptions>;

/** The options among what commander parsed; it names them after the flags. */
export function givenOptions(flags: Readonly<Record<string, unknown>>): GivenOptions {
  const given: Record<string, unknown> = {};
  for (const [field, flag] of Object.entries(FLAGS)) {
    const value = flags[flag().attributeName()];
    if (value !== undefined) given[field] = value === Infinity ? null : value;
  }
  return given as GivenOptions;
}

/** The options of one scenario: what was given, over its own defaults, over the lab's. */
export function resolveOptions(scenario: Scenario, given: GivenOptions): ScenarioOptions {
  for (const [field, reason] of Object.entries(scenario.unused ?? {})) {
    if (given[field as keyof ScenarioOptions] !== undefined) {
      const flag = flagOf(field as keyof ScenarioOptions);
      throw usageError(
        `${flag} cannot be used with --scenario ${scenario.name}: ${reason}`,
        `Leave ${flag} out.`,
      );
    }
  }
  const options = { ...DEFAULTS, ...scenario.defaults, ...given };
  if (options.requests < options.connections) {
    throw usageError(
      `--requests ${options.requests} is fewer than --connections ${options.connections}: some connections would never send one.`,
      `Use --requests ${options.connections} or more, or fewer --connections.`,
    );
  }
  const refused = scenario.refuse?.(options);
  if (refused)
    throw usageError(refused, `See npm run lab -- list for what ${scenario.name} needs.`);
  return options;
}

/** `--max-entries`, for a message about the field `maxEntries`. */
export function flagOf(field: keyof ScenarioOptions): string {
  return FLAGS[field]().long ?? field;
}

/** The scenarios named in a list such as `hit-rate,expiry`, or all of them. */
export function resolveScenarios(names: string): Scenario[] {
  if (names === 'all') return Object.values(scenarios);
  return splitList(names).map((name) => {
    const scenario = scenarios[name];
    if (!scenario) {
      throw usageError(
        `--scenario ${name}: there is no such scenario.`,
        `Use one of: ${Object.keys(scenarios).join(', ')}, or all.`,
      );
    }
    return scenario;
  });
}

/** Makes sure that reports can be written, before anything is started. Gives back the full path. */
export function resolveOutFolder(folder: string): string {
  const full = path.resolve(folder);
  try {
    makeFolder(full);
    accessSync(full, constants.W_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in the way' : message;
    throw usageError(
      `--out ${folder} cannot be written: ${why}.`,
      'Name a folder that you may write to.',
    );
  }
  return full;
}

/** One level at a time: `recursive` never returns where a file system refuses, as /proc does. */
function makeFolder(full: string): void {
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(path.dirname(full));
  mkdirSync(full);
}

/** Reads `1,4,16`: no repeats, ascending order kept as given. */
export function wholeNumbers(low: number, high: number): (text: string) => number[] {
  const one = wholeNumber(low, high);
  return (text) => {
    const numbers = splitList(text).map(one);
    if (numbers.length === 0) {
      throw new InvalidArgumentError(`It needs one or more whole numbers from ${low} to ${high}.`);
    }
    return [...new Set(numbers)];
  };
}

export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text.trim()) || value < low || value > high) {
      throw new InvalidArgumentError(`It needs a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

export function number(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) {
      throw new InvalidArgumentError(`It needs a number from ${low} to ${high}.`);
    }
    return value;
  };
}

/** `redis://host:port`, `rediss://…` or `unix:///path`. */
export function redisUrl(text: string): string {
  if (/^(rediss?:\/\/[^/]|unix:\/\/\/)/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('It needs redis://host:port or unix:///path/to.sock.');
}

export function hostAndPort(text: string): string {
  if (/^unix:\/\/\/./.test(text)) return text;
  const port = Number(/^.+:(\d{1,5})$/.exec(text)?.[1]);
  if (port >= 1 && port <= 65_535 && !text.includes('/')) return text;
  throw new InvalidArgumentError(
    'It needs host:port, e.g. 127.0.0.1:11211, or unix:///path/to.sock.',
  );
}

/** "never" is Infinity here: commander takes null from a parser for a value that is missing. */
export function timeout(text: string): number {
  if (text === 'never') return Infinity;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It needs seconds above 0, or "never".');
  }
  return value;
}

export function namesFrom(valid: readonly string[]): (text: string) => string[] {
  return (text) => {
    const names = splitList(text);
    const wrong = names.find((name) => !valid.includes(name));
    if (names.length === 0 || wrong !== undefined) {
      throw new InvalidArgumentError(
        `${wrong === undefined ? 'It needs' : `There is no "${wrong}"; it needs`} one or more of: ${valid.join(', ')}.`,
      );
    }
    return [...new Set(names)];
  };
}

function oneOf(flags: string, description: string, valid: readonly string[]): Option {
  return new Option(flags, description).choices(valid);
}

/** `1,4` → ['1', '4']. An empty place stays, so that `1,,4` is refused and not guessed at. */
function splitList(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
}
