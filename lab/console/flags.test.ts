import { describe, expect, test } from 'vitest';
import { type Fault, UsageError } from './errors.ts';
import {
  accepted,
  LabCommand,
  memcachedAddress,
  namesFrom,
  number,
  oneOf,
  redisUrl,
  splitList,
  text,
  timeout,
  UnusableValue,
  wholeNumber,
  wholeNumbers,
} from './flags.ts';

const backends = ['dummy', 'locmem', 'redis'] as const;
const readers = {
  'a whole number from 1 to 64': wholeNumber(1, 64),
  'a number from 0.5 to 10': number(0.5, 10),
  'seconds above 0 up to 1000000000, or "never"': timeout,
  'one of: dummy, locmem, redis': oneOf(backends),
  'one or more of: dummy, locmem, redis': namesFrom(backends),
  'one or more whole numbers from 1 to 64': wholeNumbers(1, 64),
  'redis://host:port or unix:///path/to.sock': redisUrl,
  'host:port, e.g. 127.0.0.1:11211, or unix:///path/to.sock': memcachedAddress,
} as const satisfies Record<string, (text: string) => unknown>;

type What = keyof typeof readers;

test.each<[What, text: string, value: unknown]>([
  ['a whole number from 1 to 64', '1', 1],
  ['a whole number from 1 to 64', '64', 64],
  ['a whole number from 1 to 64', ' 7 ', 7],
  ['a number from 0.5 to 10', '0.5', 0.5],
  ['a number from 0.5 to 10', '10.0', 10],
  ['a number from 0.5 to 10', ' .75 ', 0.75],
  ['a number from 0.5 to 10', '5.', 5],
  ['a number from 0.5 to 10', '1e1', 10],
  ['a number from 0.5 to 10', '0.1E+01', 1],
  ['a number from 0.5 to 10', '55e-01', 5.5],
  ['seconds above 0 up to 1000000000, or "never"', 'never', Infinity],
  ['seconds above 0 up to 1000000000, or "never"', '0.25', 0.25],
  ['one of: dummy, locmem, redis', 'locmem', 'locmem'],
  ['one or more of: dummy, locmem, redis', 'redis, dummy,redis', ['redis', 'dummy']],
  ['one or more whole numbers from 1 to 64', '16', [16]],
  ['one or more whole numbers from 1 to 64', '4, 1,4', [4, 1]],
  ...['redis://h:1', 'rediss://h', 'unix:///run/r.sock'].map((url): [What, string, string] => [
    'redis://host:port or unix:///path/to.sock',
    url,
    url,
  ]),
  ...['127.0.0.1:11211', 'cache:1', 'cache:65535', 'unix:///run/m.sock'].map(
    (address): [What, string, string] => [
      'host:port, e.g. 127.0.0.1:11211, or unix:///path/to.sock',
      address,
      address,
    ],
  ),
])('%s takes "%s"', (what, given, value) => {
  expect(readers[what](given)).toEqual(value);
});

test.each<[What, refused: string[]]>([
  ['a whole number from 1 to 64', ['0', '65', '-3', '1.5', '1e1', '0x10', '', ' ', '7a', 'a7']],
  [
    'a number from 0.5 to 10',
    ['0.49', '10.1', '-1', '0x5', '', '.', 'e1', '1e', '1 2', '1a', 'a1', '1e+', '--1', '1.5.2'],
  ],
  [
    'seconds above 0 up to 1000000000, or "never"',
    ['0', '-1', '', 'Never', 'Infinity', '1e999', '2e9', '0x10'],
  ],
  ['one of: dummy, locmem, redis', ['', 'disk', 'Redis', 'redis,dummy']],
  ['one or more of: dummy, locmem, redis', ['', ' ']],
  ['one or more whole numbers from 1 to 64', ['', ' ']],
  [
    'redis://host:port or unix:///path/to.sock',
    [
      '',
      'redis://',
      'redis:///0',
      'unix://run',
      'http://h',
      'see redis://h',
      'xredis://h',
      'redis://h:port',
    ],
  ],
  [
    'host:port, e.g. 127.0.0.1:11211, or unix:///path/to.sock',
    [
      '',
      'h',
      ':1',
      'h:',
      'h:0',
      'h:65536',
      'h:100000',
      'h:1x',
      'h:x',
      'a b:1',
      'a/b:1',
      'unix://r',
    ].concat('unix:///', 'unix:/// r', 'see unix:///r'),
  ],
])('it needs %s, and says so', (what, refused) => {
  for (const given of refused) {
    expect(() => readers[what](given), given).toThrow(new UnusableValue(`it needs ${what}`));
  }
});

test('a place in a list that is empty, or no member, is refused as one', () => {
  const one = new UnusableValue('it needs one of: dummy, locmem, redis');
  for (const list of ['dummy,,redis', 'dummy,', ',', 'dummy,disk']) {
    expect(() => namesFrom(backends)(list), list).toThrow(one);
  }
  expect(splitList(' 1 , ,4 ')).toEqual(['1', '', '4']);
  expect(splitList(' ')).toEqual([]);
});

test('a text is kept as it is given, but not where there is none', () => {
  expect(text(' a folder ')).toBe(' a folder ');
  expect(() => text(' ')).toThrow(new UnusableValue('it is empty'));
});

describe('a command', () => {
  const parsed = (...args: string[]) => {
    const command = new LabCommand('lab')
      .option('--keys <n>', 'distinct keys', wholeNumber(1, 9), 5)
      .option('--workers <list>', 'numbers of workers', wholeNumbers(1, 9), [1, 4])
      .option('--rate <n>', 'requests per second', wholeNumber(1, 9))
      .option('--port <n>', 'where it listens', wholeNumber(0, 9), 0);
    command.parse(args, { from: 'user' });
    return command as LabCommand;
  };
  const faultsOf = (command: LabCommand, ...others: Fault[][]) => {
    try {
      command.refuse(...others);
    } catch (error) {
      return (error as UsageError).faults;
    }
    return [];
  };

  test('has what was given, and its defaults for the rest', () => {
    const command = parsed('--keys', '7', '--rate', '3');
    expect(command.opts()).toEqual({ keys: 7, workers: [1, 4], rate: 3, port: 0 });
    expect(faultsOf(command)).toEqual([]);
    expect(() => command.refuse([], [])).not.toThrow();
  });

  test('tells every value that it refused, and other faults after them', () => {
    const command = parsed('--keys', '10', '--rate', '', '--port', '1');
    const other = { message: '--out / cannot be written.', remedy: 'Name another.' };
    const remedy = 'Run with --help to see the choices.';
    expect(faultsOf(command, [], [other])).toEqual([
      { message: '--keys 10: it needs a whole number from 1 to 9.', remedy },
      { message: '--rate "": it needs a whole number from 1 to 9.', remedy },
      other,
    ]);
    expect(() => command.refuse()).toThrow(UsageError);
    // What was refused has its default, or is not there at all.
    expect(accepted(command.opts())).toEqual({ keys: 5, workers: [1, 4], port: 1 });
  });

  test('shows defaults in its help as a person would type them', () => {
    const help = parsed().helpInformation();
    expect(help).toContain('numbers of workers (default: 1,4)\n');
    expect(help).toContain('distinct keys (default: 5)\n');
    expect(help).toContain('where it listens (default: 0)\n');
    expect(help).toContain('requests per second\n');
  });

  test('does not take a defect of the lab for a value that is refused', () => {
    const broken = new LabCommand('lab').option('--keys <n>', 'distinct keys', () => {
      throw new TypeError('undefined is no reader');
    });
    expect(() => broken.parse(['--keys', '1'], { from: 'user' })).toThrow(TypeError);
  });
});
