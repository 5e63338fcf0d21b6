import { describe, expect, it } from 'vitest';
import { read } from './fixtures/read.ts';
import { LONGEST_LINE_BYTES } from './line-splitter.ts';
import { parseOnly } from './only.ts';
import { parseKeyFrom, parseTimeFrom } from './patterns.ts';

const request = (line: string, second = 0) =>
  `10.0.0.1 - - [10/Oct/2000:13:55:${String(second).padStart(2, '0')} +0000] ${line}\n`;

describe('a trace of keys, one per line', () => {
  it('numbers different keys, however the pieces fall', async () => {
    for (const piece of [1, 2, 3, 5, 100]) {
      const { keys, reader } = await read('alpha\nbeta\nalpha\ngamma\nbeta', {}, piece);
      expect(keys).toEqual([0, 1, 0, 2, 1]);
      expect(reader).toMatchObject({ format: 'keys', hasTimes: false, lines: 5, requests: 5 });
    }
  });

  it('takes Windows line ends and a byte order mark for what they are', async () => {
    const { keys, reader } = await read('\ufeffalpha\r\nbeta\r\nalpha\nbeta', {}, 1000);
    expect(keys).toEqual([0, 1, 0, 1]);
    expect(reader.malformed.size).toBe(0);
  });

  it('tells keys that are no UTF-8 apart, and counts them', async () => {
    const { keys, reader } = await read(Buffer.from('a\xff\na\xfe\na\xff\nü\n', 'latin1'));
    expect(keys).toEqual([0, 1, 0, 2]);
    expect(reader.keysNotUtf8).toBe(3);
    expect((await read('naïve\nключ\nключ\n')).reader.keysNotUtf8).toBe(0);
  });

  it('spaces requests out by a rate', async () => {
    const { seconds, reader } = await read('a\nb\na\n', { requestsPerSecond: 2 });
    expect(seconds).toEqual([0, 0.5, 1]);
    expect(reader.hasTimes).toBe(true);
  });

  it('counts empty lines and says where the first was', async () => {
    const { malformed, keys } = await read('a\n\na\n\n');
    expect(keys).toEqual([0, 0]);
    expect(malformed).toEqual([{ reason: 'empty', count: 2, firstLine: 2 }]);
  });
});

describe('times', () => {
  it('are counted from the first, in the unit that the first tells or that is given', async () => {
    const dates = 'time,key\n2026-01-01T00:00:00Z,a\n2026-01-01T00:01:00Z,b\n';
    expect((await read(dates)).seconds).toEqual([0, 60]);
    const millis = 'time,key\n1700000000000,a\n1700000000250,b\n';
    expect((await read(millis)).seconds).toEqual([0, 0.25]);
    expect((await read('time,key\n0,a\n250,b\n')).seconds).toEqual([0, 250]);
    expect((await read('time,key\n0,a\n250,b\n', { timeUnit: 'ms' })).seconds).toEqual([0, 0.25]);
    await expect(read(millis, { timeUnit: 's' })).rejects.toThrow('year 5000');
  });

  it('do not run backwards', async () => {
    const { seconds, reader } = await read('time,key\n10,a\n15,b\n12,c\n14,d\n16,e\n15,f\n');
    expect(seconds).toEqual([0, 5, 5, 5, 6, 6]);
    expect(reader.clock).toMatchObject({ backwards: 3, largestStepBackSeconds: 3 });
  });

  it('far in the future do not freeze the rest, wherever the pieces fall', async () => {
    const rows = (times: number[]) => times.map((time) => `${time},k\n`).join('');
    const before = Array.from({ length: 9000 }, (_, i) => i / 10);
    const wrong = `time,key\n${rows(before)}9000000000,w\n9000000001,w\n`;
    // The second size ends a piece where nothing shows yet that the times are wrong.
    for (const piece of [997, wrong.length, 1_000_000]) {
      const { seconds, keys, reader } = await read(`${wrong}${rows([900, 901])}`, {}, piece);
      expect(seconds).toEqual([...before, 899.9, 899.9, 900, 901]);
      expect(keys).toEqual([...before.map(() => 0), 1, 1, 0, 0]);
      expect(reader.clock).toMatchObject({ repaired: 2, firstRepairedLine: 9002 });
      expect(reader.durationSeconds).toBe(901);
    }
  });
});

describe('which requests count', () => {
  const mixed = [
    ...[request('"GET /a?q=1 HTTP/1.1" 200 5'), request('"HEAD /a?q=1 HTTP/1.1" 200 0')],
    ...[request('"POST /a?q=1 HTTP/1.1" 201 5'), request('"GET /b HTTP/1.1" 404 5')],
    ...[request('"PUT /a?q=1 HTTP/1.1" 204 0'), request('"DELETE /b HTTP/1.1" 500 0')],
    request('"GET /a HTTP/1.1" 206 5'),
    request('"GET /c HTTP/1.1" 200 5'),
  ].join('');
  const leftOut = ({ reader }: Awaited<ReturnType<typeof read>>) => [...reader.leftOut.kinds];

  it('in a log: GET and HEAD with 200, the rest by method and status', async () => {
    const result = await read(mixed);
    expect(result.keys).toEqual([0, 0, 1]);
    expect(leftOut(result)).toEqual([
      ...[
        ['POST 201', 1],
        ['GET 404', 1],
        ['PUT 204', 1],
        ['DELETE 500', 1],
        ['GET 206', 1],
      ],
    ]);
    expect(`${result.reader.only}`).toBe('GET 200, HEAD 200');
    expect(result.reader.malformed.size).toBe(0);
  });

  it('is said with --only; a POST is not what a GET asks for', async () => {
    const result = await read(mixed, { only: parseOnly('2xx') });
    expect(result.keys).toEqual([0, 0, 1, 2, 3, 4]);
    expect(leftOut(result)).toEqual([
      ['GET 404', 1],
      ['DELETE 500', 1],
    ]);
    expect((await read(mixed, { only: parseOnly('all') })).keys).toEqual([0, 0, 1, 2, 3, 4, 5, 6]);
  });

  it('can have the writes that were done, under the key that is read', async () => {
    const { batches, reader } = await read(mixed, { columns: ['write'] }, 10_000);
    expect(batches[0]!.keys).toEqual(Uint32Array.of(0, 0, 0, 1));
    expect(batches[0]!.write).toEqual(Uint8Array.of(0, 0, 1, 0));
    expect(reader).toMatchObject({ requests: 3, writes: 1 });
    expect(reader.leftOut.kinds.get('DELETE 500')).toBe(1);
  });

  it('may be none, which is said with what there is', async () => {
    const posts = request('"POST /a HTTP/1.1" 201 5').repeat(3);
    await expect(read(posts, { name: 'access.log' })).rejects.toThrow(
      "Not one request of access.log counts with --only 'GET 200, HEAD 200'. There are: 3 POST 201.",
    );
  });

  it('in Redis MONITOR are reads, each key of an MGET', async () => {
    const monitor = ['"mget" "a" "b" "a"', '"set" "a" "1"', '"get" "b"', '"del" "a" "b"']
      .map((command, i) => `${i}.000000 [0 127.0.0.1:1] ${command}\n`)
      .join('');
    const { keys, seconds, reader } = await read(monitor);
    expect([keys, seconds]).toEqual([
      [0, 1, 0, 1],
      [0, 0, 0, 2],
    ]);
    expect([...reader.leftOut.kinds]).toEqual([
      ['SET', 1],
      ['DEL', 1],
    ]);
    const { batches } = await read(monitor, { columns: ['write', 'client'] }, 10_000);
    expect(batches[0]!.keys).toEqual(Uint32Array.of(0, 1, 0, 1, 0, 1));
    expect(batches[0]!.write).toEqual(Uint8Array.of(0, 0, 0, 0, 1, 1));
  });
});

describe('the key', () => {
  const two = request('"GET /a?x=1 HTTP/1.1" 200 5') + request('"GET /a?x=2 HTTP/1.1" 200 5');

  it('is the URL, its path, or what a pattern says', async () => {
    expect((await read(two)).keys).toEqual([0, 1]);
    expect((await read(two, { keyFrom: 'path' })).keys).toEqual([0, 0]);
    expect((await read('/a?x\n/a?y\n/a\n', { keyFrom: 'path' })).keys).toEqual([0, 0, 0]);
    const partial = await read(two, { keyFrom: parseKeyFrom('x=(1)') });
    expect(partial.keys).toEqual([0]);
    expect(partial.malformed).toEqual([
      { reason: 'no match for --key-from', count: 1, firstLine: 2 },
    ]);
  });

  it('may be in no line: the pattern is pointed at', async () => {
    await expect(read(two, { keyFrom: /^(GET)/ })).rejects.toMatchObject({
      message: expect.stringContaining('no match'),
      remedy: expect.stringContaining('--key-from, ^(GET)'),
    });
  });

  it('needs a pattern with a group', () => {
    expect(() => parseKeyFrom('')).toThrow(
      'it needs url, path, or a regular expression with a group',
    );
    expect(() => parseKeyFrom('request')).toThrow('no group');
    expect(() => parseTimeFrom('/users/[0-9]+')).toThrow('it needs a regular expression with');
    expect(() => parseKeyFrom('(')).toThrow('a regular expression with a group, and this is none');
    expect(parseKeyFrom('path')).toBe('path');
  });
});

describe('the columns of a batch', () => {
  it('are there where they are asked for and told', async () => {
    const content = 'key,client,method,size\na,x,GET,10\nb,,PUT,\na,x,DELETE,0\n';
    const { reader, batches } = await read(content, { columns: ['client', 'write', 'size'] }, 1000);
    expect(batches).toEqual([
      {
        keys: Uint32Array.of(0, 1, 0),
        seconds: Float64Array.of(0, 0, 0),
        client: Uint32Array.of(0, 1, 0),
        write: Uint8Array.of(0, 1, 1),
        size: Float64Array.of(10, Number.NaN, 0),
      },
    ]);
    expect(reader).toMatchObject({ requests: 1, writes: 2 });
    const without = await read('key\na\nb\na\n', { columns: ['client'] }, 1000);
    expect(Object.keys(without.batches[0]!)).toEqual(['keys', 'seconds']);
    expect(without.reader.columns).toEqual(new Set());
  });
});

describe('what no trace should look like', () => {
  it.each([
    ['', 'a.log is empty.'],
    ['time,key\n', 'a.log has a header and no line after it.'],
    ['a\rb\ra\r', 'The lines of a.log end in CR alone.'],
    ['a\n\u0007\u001bq\n', 'a.log is binary, not lines of text: it has control characters.'],
    ['\n\n\n', 'a.log begins with nothing but empty lines.'],
    ['ab\0cd\n', 'a.log is binary, not lines of text: it has zero bytes.'],
    ['a\nb\n', 'a.log looks like a key per line, but 2 of its first 2 lines are different'],
    [
      'time,key\nsoon,a\n',
      'a.log was read as CSV, and none of its 2 lines is a request. Line 2: no time.',
    ],
  ])('is refused: %j', async (content, message) => {
    await expect(read(content, { name: 'a.log' })).rejects.toMatchObject({
      ...{ message: expect.stringContaining(message), exitCode: 2 },
    });
  });

  it('is read as --format says, or the first line is shown with other formats', async () => {
    expect((await read('a\n\u0007b\n', { format: 'keys' })).keys).toEqual([0, 1]);
    for (const format of ['log', 'haproxy', 'alb', 'redis', 'twitter']) {
      await expect(read('a\nb\n', { format, name: 'a.log' })).rejects.toMatchObject({
        message: expect.stringMatching(/and none of its 2 lines is a request.* Its first line: a$/),
        remedy: expect.stringMatching(new RegExp(`say --format (?!.*\\b${format}\\b).*keys`)),
      });
    }
  });

  it('is no key per line if hardly a line comes again', async () => {
    const lines = (different: number) =>
      Array.from({ length: 10_000 }, (_, i) => `k${Math.min(i, different - 1)}\n`).join('');
    await expect(read(lines(9_501), {}, 5000)).rejects.toThrow('9501 of its first 10000 lines');
    expect((await read(lines(9_500), {}, 5000)).reader.requests).toBe(10_000);
    const asked = await read(lines(10_000), { format: 'keys' }, 5000);
    expect(asked.reader).toMatchObject({ requests: 10_000, keysHardlyRepeat: true });
    // What comes later is no longer asked about.
    const rest = Array.from({ length: 100_000 }, (_, i) => `n${i}\n`).join('');
    expect((await read(lines(100) + rest, {}, 5000)).reader.requests).toBe(110_000);
  });

  it('counts lines with zero bytes further on', async () => {
    const { keys, malformed } = await read('aaaaaaa\nb\0b\naaaaaaa\n', {}, 8);
    expect(keys).toEqual([0, 0]);
    expect(malformed).toEqual([{ reason: 'zero bytes', count: 1, firstLine: 2 }]);
  });

  it('skips a line that is too long, without holding it', async () => {
    const long = 'x'.repeat(3 * LONGEST_LINE_BYTES);
    for (const piece of [1000, 70_000, 1e9]) {
      const { keys, malformed } = await read(`a\n${long}\na\n`, {}, piece);
      expect(keys).toEqual([0, 0]);
      expect(malformed).toMatchObject([{ reason: 'longer than 1024 KiB', count: 1 }]);
    }
    await expect(read(long, {}, 70_000)).rejects.toThrow('longer than 1024 KiB');
  });
});
