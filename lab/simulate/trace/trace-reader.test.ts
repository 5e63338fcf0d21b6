import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { KeyTable } from './key-table.ts';
import { LONGEST_LINE_BYTES } from './line-splitter.ts';
import { parseKeyFrom } from './log-format.ts';
import type { TraceBatch } from './trace-batch.ts';
import { TraceReader, type TraceReaderOptions } from './trace-reader.ts';
import { openTrace } from './trace-source.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS: TraceReaderOptions = {
  format: 'auto',
  keyFrom: 'request',
  timeUnit: 's',
  requestsPerSecond: null,
  sample: 1,
};

/** Reads a trace that arrives in pieces of so many bytes. */
async function read(
  content: string | Buffer,
  options: Partial<TraceReaderOptions> = {},
  pieceBytes = 7,
) {
  const bytes = Buffer.from(content);
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield bytes.subarray(at, at + pieceBytes);
    }
  };
  const reader = new TraceReader({ ...OPTIONS, ...options });
  return { reader, ...(await drain(reader, Readable.from(pieces()))) };
}

async function drain(reader: TraceReader, source: AsyncIterable<Buffer>) {
  const keys: number[] = [];
  const seconds: number[] = [];
  const batches: TraceBatch[] = [];
  for await (const batch of reader.batches(source)) {
    batches.push(batch);
    keys.push(...batch.keys);
    seconds.push(...batch.seconds);
  }
  return { keys, seconds, batches, malformed: [...reader.malformed.values()] };
}

function file(name: string, content: Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

async function readFile(name: string, content: Buffer) {
  const reader = new TraceReader(OPTIONS);
  return drain(reader, openTrace(file(name, content)).chunks());
}

const LOG = [
  '10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a?x=1 HTTP/1.0" 200 2326',
  '10.0.0.1 - bob [10/Oct/2000:13:55:38 -0700] "GET /a?x=2 HTTP/1.0" 200 2326 "http://e/" "Mozilla/5.0 (\\"x\\")"',
  '10.0.0.2 - - [10/Oct/2000:13:55:38 -0700] "POST /a HTTP/1.0" 201 5',
  '',
].join('\n');

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
    expect((await read('naïve\nключ\n')).reader.keysNotUtf8).toBe(0);
  });

  it('spaces requests out by a rate', async () => {
    const { seconds, reader } = await read('a\nb\nc\n', { requestsPerSecond: 2 });
    expect(seconds).toEqual([0, 0.5, 1]);
    expect(reader.hasTimes).toBe(true);
  });

  it('counts empty lines and says where the first was', async () => {
    const { malformed, keys } = await read('a\n\nb\n\n');
    expect(keys).toEqual([0, 1]);
    expect(malformed).toEqual([{ reason: 'empty', count: 2, firstLine: 2 }]);
  });
});

describe('a trace as CSV', () => {
  it('finds its columns by name and reads quotes', async () => {
    const content = 'client,key,time\nx,"a,""b""",10\ny,c,11.5\nx,"a,""b""",13\n';
    const { keys, seconds, reader } = await read(content);
    expect(keys).toEqual([0, 1, 0]);
    expect(seconds).toEqual([0, 1.5, 3]);
    expect(reader).toMatchObject({ format: 'csv', hasTimes: true, durationSeconds: 3 });
  });

  it('reads dates, and other units when told', async () => {
    const dates = await read('time,key\n2026-01-01T00:00:00Z,a\n2026-01-01T00:01:00Z,b\n');
    expect(dates.seconds).toEqual([0, 60]);
    const millis = await read('time,key\n1700000000000,a\n1700000000250,b\n', { timeUnit: 'ms' });
    expect(millis.seconds[1]).toBeCloseTo(0.25, 6);
  });

  it('does not guess the unit of a time', async () => {
    await expect(read('time,key\n1700000000000,a\n')).rejects.toThrow('year 5000');
  });

  it('counts rows that do not fit, by what is wrong', async () => {
    const content = 'time,key\n1,a\nsoon,b\n2\n3,"c\n4,\n5,d\n';
    const { keys, malformed } = await read(content);
    expect(keys).toEqual([0, 1]);
    expect(malformed).toEqual([
      { reason: 'no time', count: 1, firstLine: 3 },
      { reason: 'another number of fields than the header', count: 1, firstLine: 4 },
      { reason: 'a quote that does not end', count: 1, firstLine: 5 },
      { reason: 'no key', count: 1, firstLine: 6 },
    ]);
  });

  it('does without times, and not without keys', async () => {
    expect((await read('id,key\n1,a\n')).reader.hasTimes).toBe(false);
    await expect(read('time,path\n1,a\n', { format: 'csv' })).rejects.toThrow('"key"');
  });

  it('is refused without its header, as each row would be a key of its own', async () => {
    await expect(read('1,a\n2,b\n3,a\n')).rejects.toThrow('no header: 1,a');
    const dates = '2026-01-01T00:00:00Z,a\n2026-01-01 00:00:01,a\n';
    await expect(read(dates)).rejects.toThrow('no header');
    expect((await read('1,a\n2,b\n1,a\n', { format: 'keys' })).keys).toEqual([0, 1, 0]);
    expect((await read('user,1\nuser,2\nuser,1\n')).keys).toEqual([0, 1, 0]);
  });

  it('has one column of a name', async () => {
    await expect(read('key,time,key\na,1,b\n')).rejects.toThrow('two columns "key"');
  });

  it('takes no endless past for a time', async () => {
    const { seconds, malformed } = await read('time,key\n-Infinity,a\n5,b\n7,b\n');
    expect(seconds).toEqual([0, 2]);
    expect(malformed).toEqual([{ reason: 'no time', count: 1, firstLine: 2 }]);
  });

  it('lets no time run backwards, and says so', async () => {
    const { seconds, reader } = await read('time,key\n10,a\n15,b\n12,c\n14,d\n16,e\n15,f\n');
    expect(seconds).toEqual([0, 5, 5, 5, 6, 6]);
    expect(reader).toMatchObject({ backwards: 3, largestStepBackSeconds: 3 });
  });
});

describe('the columns of a batch', () => {
  it('are there where they are asked for and told', async () => {
    const content = 'key,client,method,size\na,x,GET,10\nb,y,PUT,\na,x,DELETE,0\n';
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

describe('an access log', () => {
  it('takes method and path of Common and Combined lines as the key', async () => {
    const { keys, seconds, reader } = await read(LOG);
    expect(reader.format).toBe('log');
    expect(reader.malformed.size).toBe(0);
    expect(keys).toEqual([0, 1, 2]);
    expect(seconds).toEqual([0, 2, 2]);
  });

  it('takes the path without its query, or what a pattern says', async () => {
    expect((await read(LOG, { keyFrom: 'path' })).keys).toEqual([0, 0, 0]);
    const byClient = { keyFrom: parseKeyFrom('^(\\S+)') };
    expect((await read(LOG, byClient)).keys).toEqual([0, 0, 1]);
    const partial = await read(LOG, { keyFrom: parseKeyFrom('x=(\\d)') });
    expect(partial.keys).toEqual([0, 1]);
    expect(partial.malformed).toEqual([
      { reason: 'no match for --key-from', count: 1, firstLine: 3 },
    ]);
  });

  it('is known by its lines even if the first is half a line', async () => {
    const { reader, malformed } = await read(`6 -0700] "GET / HTTP/1.0" 200 1\n${LOG}`);
    expect(reader).toMatchObject({ format: 'log', requests: 3 });
    expect(malformed).toEqual([{ reason: 'no time in brackets', count: 1, firstLine: 1 }]);
  });

  it('counts requests that are none', async () => {
    const time = '[10/Oct/2000:13:55:36 -0700]';
    const lines = [
      `h - - ${time} "-" 408 0`,
      `h - - ${time} "\\x16\\x03\\x01" 400 0`,
      `h - - ${time} "GET /a HTTP/1.1`,
      'h - - [10/Foo/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 1',
      'h - - [10/Oct/2000:1x:55:36 -0700] "GET /a HTTP/1.1" 200 1',
      `h - - ${time} "GET  HTTP/1.1" 200 1`,
      `h - - ${time} "GET /a b HTTP/1.1" 200 1`,
    ];
    const { reader, malformed } = await read(lines.join('\n'), { format: 'log' });
    expect(reader.requests).toBe(1);
    expect(malformed.map(({ reason, count }) => [reason, count])).toEqual([
      ['no method, path and protocol', 3],
      ['a request without its closing quote', 1],
      ['no time in brackets', 2],
    ]);
  });

  it('knows time zones', async () => {
    const { seconds } = await read(
      'h - - [31/Dec/2000:23:59:59 +0000] "GET /a HTTP/1.1" 200 1\n' +
        'h - - [01/Jan/2001:01:00:01 +0100] "GET /a HTTP/1.1" 200 1\n',
    );
    expect(seconds).toEqual([0, 2]);
  });

  it('points at the pattern when it matches nothing', async () => {
    const line = '10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET /a HTTP/1.1" 200 1\n';
    await expect(read(line.repeat(2), { keyFrom: /^(GET)/ })).rejects.toMatchObject({
      message: expect.stringContaining('no match'),
      remedy: expect.stringContaining('--key-from, ^(GET)'),
    });
  });

  it('refuses a pattern that names no key', () => {
    expect(() => parseKeyFrom('')).toThrow('no group');
    expect(() => parseKeyFrom('/users/[0-9]+')).toThrow('no group');
    expect(() => parseKeyFrom('(')).toThrow('a regular expression with a group, and this is none');
    expect(parseKeyFrom('path')).toBe('path');
  });
});

describe('what no trace should look like', () => {
  it('is refused when it is empty, binary, or has no valid line', async () => {
    await expect(read('')).rejects.toThrow('The trace is empty.');
    await expect(read('', { name: 'access.log' })).rejects.toThrow('access.log is empty.');
    await expect(read('time,key\n')).rejects.toThrow('a header and no line after it');
    await expect(read('a\rb\ra\r')).rejects.toThrow('end in CR alone');
    await expect(read('a\n\u0007\u001bq\n')).rejects.toThrow('it has control characters');
    expect((await read('a\n\u0007b\n', { format: 'keys' })).reader.requests).toBe(2);
    await expect(read('\n\n\n')).rejects.toThrow(/3 lines is a request. Line 1: empty/);
    await expect(read('ab\0cd\n')).rejects.toThrow('binary');
    await expect(read('a\nb\n', { format: 'log' })).rejects.toThrow('is a request');
  });

  it('counts lines with zero bytes further on', async () => {
    const { keys, malformed } = await read('aaaaaaa\nb\0b\nc\n', {}, 8);
    expect(keys).toEqual([0, 1]);
    expect(malformed).toEqual([{ reason: 'zero bytes', count: 1, firstLine: 2 }]);
  });

  it('skips a line that is too long, without holding it', async () => {
    const long = 'x'.repeat(3 * LONGEST_LINE_BYTES);
    for (const piece of [1000, 70_000, 1e9]) {
      const { keys, malformed } = await read(`a\n${long}\nb\n`, {}, piece);
      expect(keys).toEqual([0, 1]);
      expect(malformed).toMatchObject([{ reason: 'longer than 1024 KiB', count: 1 }]);
    }
    await expect(read(long, {}, 70_000)).rejects.toThrow('is no request');
  });
});

describe('a trace in a file', () => {
  const text = Buffer.from('alpha\nbeta\nalpha\n'.repeat(20_000));

  it('is the same plain, as gzip and as zstd, whatever it is called', async () => {
    const plain = await readFile('plain.gz', text);
    expect(plain.keys).toHaveLength(60_000);
    expect(plain.seconds).toHaveLength(60_000);
    expect((await readFile('a.txt', gzipSync(text))).keys).toEqual(plain.keys);
    expect((await readFile('b.txt', zstdCompressSync(text))).keys).toEqual(plain.keys);
    const twoMembers = Buffer.concat([gzipSync('alpha\n'), gzipSync('beta\n')]);
    expect((await readFile('c.txt', twoMembers)).keys).toEqual([0, 1]);
  });

  it('is an error when it is cut off or damaged', async () => {
    const noise = Buffer.from(
      Array.from({ length: 50_000 }, (_, i) => `${(i * 7919) % 99991}`).join('\n'),
    );
    const gzip = gzipSync(noise);
    await expect(readFile('d', gzip.subarray(0, gzip.length / 2))).rejects.toThrow('cut off');
    const zstd = zstdCompressSync(noise);
    await expect(readFile('e', zstd.subarray(0, zstd.length / 2))).rejects.toThrow('cut off');
    gzip.fill(0xff, 100, 200);
    await expect(readFile('f', gzip)).rejects.toThrow('damaged');
  });

  it('is closed when reading stops in the middle', async () => {
    const wrongUnit = `time,key\n${'1700000000000,a\n'.repeat(200_000)}`;
    await expect(readFile('g', gzipSync(wrongUnit, { level: 0 }))).rejects.toThrow('year 5000');
  });

  it('is a usage error when it is not there or is a folder', () => {
    expect(() => openTrace(path.join(folder, 'nowhere'))).toThrow('no such file');
    expect(() => openTrace(folder)).toThrow('folder');
  });

  it('may come by standard input', async () => {
    const reader = new TraceReader(OPTIONS);
    const source = openTrace('-', Readable.from([gzipSync('a\nb\n')]));
    expect((await drain(reader, source.chunks())).keys).toEqual([0, 1]);
    expect(source.bytes).toBeNull();
    expect(source.bytesRead()).toBeGreaterThan(20);
  });
});

describe('the table of keys', () => {
  it('gives each of many keys one number, and hashes them evenly', { tags: 'slow' }, () => {
    const table = new KeyTable();
    const number = (key: string) => {
      table.hashBytes(Buffer.from(key), 0, key.length);
      return table.number();
    };
    let below = 0;
    for (let i = 0; i < 100_000; i++) {
      expect(number(`GET /users/${i}`)).toBe(i);
      if (table.hash < 0.1 * 2 ** 32) below++;
    }
    expect(table.size).toBe(100_000);
    expect(number('GET /users/777')).toBe(777);
    // Binomial: 10,000 ± 4 × 95.
    expect(Math.abs(below - 10_000)).toBeLessThan(380);
    const places = new Array<number>(16).fill(0);
    for (let i = 0; i < 100_000; i++) places[table.hashOf(i) % 16]!++;
    for (const count of places) expect(Math.abs(count - 6250)).toBeLessThan(330);
  });
});
