import { Option } from 'commander';
import {
  BACKEND_NAMES,
  CHOSEN_LAUNCHERS,
  GUNICORN_CLASSES,
  POPULARITIES,
  ROUTINGS,
} from '../../reports/record/vocabulary.ts';
import type { ScenarioOptions } from '../../scenarios/kit/contract.ts';
import {
  type FlagOf,
  namesFrom,
  number,
  oneOf,
  timeout,
  wholeNumber,
  wholeNumbers,
} from './flags.ts';

/** More processes than any machine of a workshop bears. */
const MAX_WORKERS = 64;

/** What a run without flags does; scenarios have defaults of their own above these. */
export const DEFAULTS: ScenarioOptions = {
  workers: [4],
  launchers: ['cluster'],
  gunicornClass: 'sync',
  threads: 1,
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

/** The flags of a run, in the order of `--help`, by the option that each gives. */
export const FLAGS = {
  workers: [
    '-w, --workers <list>',
    `workers per arm, 1 to ${MAX_WORKERS}; a list is a sweep`,
    wholeNumbers(1, MAX_WORKERS),
  ],
  launchers: [
    '-l, --launcher <list>',
    `what starts the workers: ${CHOSEN_LAUNCHERS.join(', ')}`,
    namesFrom(CHOSEN_LAUNCHERS),
  ],
  gunicornClass: [
    '--gunicorn-class <name>',
    `worker class of Gunicorn: ${GUNICORN_CLASSES.join(', ')}`,
    oneOf(GUNICORN_CLASSES),
  ],
  threads: ['--threads <n>', 'threads of each Gunicorn worker', wholeNumber(1, 64)],
  backends: [
    '-b, --backends <list>',
    `where entries are kept: ${BACKEND_NAMES.join(', ')}`,
    namesFrom(BACKEND_NAMES),
  ],
  requests: ['-r, --requests <n>', 'requests in each arm', wholeNumber(1, 10_000_000)],
  connections: ['-c, --connections <n>', 'connections of the clients', wholeNumber(1, 10_000)],
  routing: [
    '--routing <way>',
    'keep-alive; fresh: a new connection for each request; by-key: each key always to the same worker, through a balancer',
    oneOf(ROUTINGS),
  ],
  ratePerSecond: [
    '--rate <n>',
    'requests per second; default: as fast as answers come',
    wholeNumber(1, 100_000),
  ],
  popularity: [
    '--popularity <law>',
    `how often each key is requested: ${POPULARITIES.join(', ')}`,
    oneOf(POPULARITIES),
  ],
  zipf: ['--zipf <s>', "exponent of Zipf's law: larger is more uneven", number(0, 10)],
  keys: ['-k, --keys <n>', 'distinct keys', wholeNumber(1, 1_000_000)],
  seed: ['--seed <n>', 'repeats a run to the key', wholeNumber(0, 2_147_483_647)],
  maxEntries: ['--max-entries <n>', 'MAX_ENTRIES of each cache', wholeNumber(1, 10_000_000)],
  timeoutSeconds: ['--timeout <seconds>', 'TIMEOUT of entries, or "never"', timeout],
  cullFrequency: [
    '--cull-frequency <n>',
    'a full cache drops 1/n of its entries; 0: all',
    wholeNumber(0, 10_000_000),
  ],
  originDelayMillis: [
    '--origin-delay <ms>',
    'network delay of the database, in ms',
    number(0, 10_000),
  ],
  rounds: ['--rounds <n>', 'repeats every arm, interleaved', wholeNumber(1, 100)],
} as const satisfies { readonly [Name in keyof ScenarioOptions]: FlagOf<unknown> };

/** What a person gave, by option; one that is not there was not given. */
export type GivenOptions = Partial<ScenarioOptions>;

/** The options among what commander parsed; it names them after the flags. */
export function givenOptions(flags: Readonly<Record<string, unknown>>): GivenOptions {
  const given: Record<string, unknown> = {};
  for (const [option, [written]] of Object.entries(FLAGS)) {
    const value = flags[new Option(written).attributeName()];
    if (value !== undefined) given[option] = value === Infinity ? null : value;
  }
  return given as GivenOptions;
}

/** `--max-entries`, for a message about the option `maxEntries`. */
export function flagOf(option: keyof ScenarioOptions): string {
  return new Option(FLAGS[option][0]).long!;
}

/** An option as a person would give it: `--workers 1,4`, `--timeout never`. */
export function shownOption(
  option: keyof ScenarioOptions,
  value: ScenarioOptions[keyof ScenarioOptions],
): string {
  if (value === null && option === 'ratePerSecond') return `without ${flagOf(option)}`;
  const text = value === null ? 'never' : Array.isArray(value) ? value.join(',') : String(value);
  return `${flagOf(option)} ${text}`;
}
