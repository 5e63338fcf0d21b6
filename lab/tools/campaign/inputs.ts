import { gzipSync } from 'node:zlib';
import { FLAGS } from '../../console/options.ts';
import type { Attempt } from './attempt.ts';
import type { Chance } from './chance.ts';

/** What nobody means by a number, a word, a list, an address or a file. */
const NONSENSE = [
  ...['', ' ', '-1', '0x10', '1e999', 'nan', 'Infinity', '1,,2', ',', '--', '4 ', '٣', '1_000'],
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', '/dev/null', '%00', '$PATH'],
  ...['a'.repeat(5_000), '\u001b[31mred', 'x\ny', '🙂', "';--", '<script>', '1e308', '99999999999'],
] as const;

const WRITTEN = [...Object.values(FLAGS).map(([flag]) => flag), '-s, --scenario', '-p, --port']
  .concat('--redis', '--memcached')
  .map((flag) => /--[\w-]+/.exec(flag)![0]);

/** Traces as they come from the wrong program, or from the right one and cut. */
const TRACES: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'one newline': Buffer.from('\n'),
  'a header alone': Buffer.from('time,key\n'),
  'lines that end in CR': Buffer.from('a\rb\rc\ra\r'),
  'bytes that are no text': Buffer.from(
    Array.from({ length: 4_000 }, (_, i) => 1 + ((i * 7) % 255)),
  ),
  'zero bytes': Buffer.alloc(10_000),
  'UTF-16': Buffer.from('a\nb\na\n', 'utf16le'),
  'a line of two megabytes': Buffer.alloc(2_000_000, 'x'),
  'gzip that is cut': gzipSync('a\nb\n'.repeat(9_999)).subarray(0, 40),
  'gzip that is damaged': Buffer.concat([gzipSync('a\n').subarray(0, 12), Buffer.alloc(40, 7)]),
  'a quote that does not end': Buffer.from('time,key\n1,"a\n'),
  'times of nowhere': Buffer.from('time,key\nyesterday,a\n1e999,b\n'),
};

/** Flags and files that cannot be meant: exit code 2, before anything is started. */
export function* inputs(chance: Chance): Generator<Attempt> {
  const { pick } = chance;
  for (const [name, content] of Object.entries(TRACES)) {
    yield {
      name: `a trace of ${name}`,
      file: content,
      args: ['simulate', '--trace', 'FILE', '-o', 'OUT'],
      codes: [2],
    };
  }
  for (const file of ['/nonexistent', '/', '/dev/zero', '/dev/null', '/proc/self/mem', 'LICENSE']) {
    yield { name: `${file} as a record`, args: ['report', file], codes: [2] };
    yield { name: `${file} to compare`, args: ['compare', file, file, '-o', 'OUT'], codes: [2] };
    yield {
      name: `${file} as a folder of runs`,
      args: ['index', '-o', file],
      codes: file === '/' ? [0, 1, 2] : [2],
    };
    yield {
      name: `${file} as a course`,
      args: ['course', '--from', file, '-o', 'OUT'],
      codes: [2],
    };
  }
  for (;;) {
    const flag = pick(WRITTEN);
    const value = pick(NONSENSE);
    // Some are a number or a path to somebody: then it is the second flag that is wrong.
    const args = [`${flag}=${value}`, '--no-such-flag'];
    yield {
      name: `${flag} ${JSON.stringify(value.slice(0, 20))}`,
      args: [args[0]!, '--keys', '0', '-o', 'OUT'],
      codes: [2],
    };
    yield {
      name: 'a flag that is not there',
      args: [pick(['run', 'predict', 'simulate', 'list', 'course']), ...args],
      codes: [2],
    };
    yield { name: 'a command that is not there', args: [value || 'x', '-o', 'OUT'], codes: [2] };
  }
}
