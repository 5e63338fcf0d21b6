import { expect, test } from 'vitest';
import { LabCommand, UnusableValue } from './flags.ts';
import { DEFAULTS, FLAGS, flagOf, givenOptions, shownOption } from './options.ts';

test('each flag of a run says what it is about', () => {
  const command = new LabCommand('run');
  for (const [flags, about] of Object.values(FLAGS)) command.option(flags, about);
  expect(command.options.map(({ flags, description }) => `${flags}: ${description}`)).toEqual([
    '-w, --workers <list>: workers per arm, 1 to 64; a list is a sweep',
    '-l, --launcher <list>: what starts the workers: cluster, pm2, gunicorn',
    '--gunicorn-class <name>: worker class of Gunicorn: sync, gthread',
    '--threads <n>: threads of each Gunicorn worker',
    '-b, --backends <list>: where entries are kept: dummy, file, locmem, memcached, redis, sqlite, tiered',
    '-r, --requests <n>: requests in each arm',
    '-c, --connections <n>: connections of the clients',
    '--routing <way>: keep-alive; fresh: a new connection for each request; by-key: each key always to the same worker, through a balancer',
    '--rate <n>: requests per second; default: as fast as answers come',
    '--popularity <law>: how often each key is requested: zipf, uniform, cyclic',
    "--zipf <s>: exponent of Zipf's law: larger is more uneven",
    '-k, --keys <n>: distinct keys',
    '--seed <n>: repeats a run to the key',
    '--max-entries <n>: MAX_ENTRIES of each cache',
    '--timeout <seconds>: TIMEOUT of entries, or "never"',
    '--cull-frequency <n>: a full cache drops 1/n of its entries; 0: all',
    '--origin-delay <ms>: network delay of the database, in ms',
    '--rounds <n>: repeats every arm, interleaved',
  ]);
});

test.each<[option: keyof typeof FLAGS, low: number, high: number]>([
  ['requests', 1, 10_000_000],
  ['connections', 1, 10_000],
  ['ratePerSecond', 1, 100_000],
  ['zipf', 0, 10],
  ['keys', 1, 1_000_000],
  ['seed', 0, 2_147_483_647],
  ['maxEntries', 1, 10_000_000],
  ['cullFrequency', 0, 10_000_000],
  ['originDelayMillis', 0, 10_000],
  ['rounds', 1, 100],
])('%s is from %d to %d', (option, low, high) => {
  const read = FLAGS[option][2];
  expect([read(String(low)), read(String(high))]).toEqual([low, high]);
  const refused = `from ${low} to ${high}`;
  expect(() => read(String(low - 1))).toThrow(UnusableValue);
  expect(() => read(String(high + 1))).toThrow(refused);
});

test('a run without flags is one of four workers with caches of their own', () => {
  const options = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[];
  const shown = options.map((option) => shownOption(option, DEFAULTS[option]));
  expect(shown.join(' ')).toBe(
    '--workers 4 --launcher cluster --gunicorn-class sync --threads 1 --backends locmem ' +
      '--requests 4000 --connections 40 --routing keep-alive without --rate --popularity zipf --zipf 0.8 --keys 200 --seed 1 ' +
      '--max-entries 300 --timeout 300 --cull-frequency 3 --origin-delay 0 --rounds 1',
  );
});

test('options are known by their flags, and what was not given is not there', () => {
  const flags = { workers: [1, 4], timeout: Infinity, rate: 5, maxEntries: 7, quiet: true };
  expect(givenOptions(flags)).toEqual({
    ...{ workers: [1, 4], timeoutSeconds: null, ratePerSecond: 5, maxEntries: 7 },
  });
  expect(givenOptions({})).toEqual({});
  expect(flagOf('originDelayMillis')).toBe('--origin-delay');
  expect(shownOption('workers', [1, 4])).toBe('--workers 1,4');
  expect(shownOption('timeoutSeconds', null)).toBe('--timeout never');
});
