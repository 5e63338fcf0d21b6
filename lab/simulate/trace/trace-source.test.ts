import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { drain } from './fixtures/read.ts';
import { TraceReader } from './trace-reader.ts';
import { openTrace } from './trace-source.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

async function readFile(name: string, content: Buffer, format = 'keys') {
  const reader = new TraceReader({ format });
  return drain(reader, openTrace(file(name, content)).chunks());
}

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
    const different = Array.from({ length: 200_000 }, (_, i) => `k${i}\n`).join('');
    await expect(readFile('g', gzipSync(different, { level: 0 }), 'auto')).rejects.toThrow(
      'keys come again',
    );
  });

  it('costs no listener a chunk, however many there are', { tags: 'slow' }, async () => {
    const warned: Error[] = [];
    const listen = (warning: Error) => warned.push(warning);
    process.on('warning', listen);
    const many = Buffer.from('a key that comes again and again\n'.repeat(150_000));
    expect((await readFile('l', gzipSync(many, { level: 0 }))).keys).toHaveLength(150_000);
    expect((await readFile('m', zstdCompressSync(many))).keys).toHaveLength(150_000);
    process.off('warning', listen);
    expect(warned).toEqual([]);
  });

  it('is decompressed by xz where the system has it', async () => {
    const xz = execFileSync('xz', ['-c'], { input: text });
    expect((await readFile('h', xz)).keys).toHaveLength(60_000);
    await expect(readFile('i', xz.subarray(0, -20))).rejects.toThrow(
      /i cannot be decompressed: .*end of input/,
    );
    const without = openTrace(file('j', xz), { xz: '/nowhere/xz' });
    await expect(drain(new TraceReader(), without.chunks())).rejects.toThrow(
      'there is no program xz here',
    );
  });

  it.each([
    ['BZh91AY', 'bzip2', 'bzip2 -dc'],
    ['PK\u0003\u0004abc', 'zip', 'unzip -p'],
  ])('is refused with the way out: %j is %s', async (content, name, command) => {
    await expect(readFile('k', Buffer.from(content))).rejects.toMatchObject({
      ...{ message: expect.stringContaining(`compressed by ${name}`), exitCode: 2 },
      remedy: expect.stringContaining(command),
    });
  });

  it('is a usage error when it is not there or is a folder', () => {
    expect(() => openTrace(path.join(folder, 'nowhere'))).toThrow('no such file');
    expect(() => openTrace(folder)).toThrow('folder');
  });

  it('may come by standard input', async () => {
    const reader = new TraceReader();
    const source = openTrace('-', { stdin: Readable.from([gzipSync('a\na\n')]) });
    expect((await drain(reader, source.chunks())).keys).toEqual([0, 0]);
    expect(source.bytes).toBeNull();
    expect(source.bytesRead()).toBeGreaterThan(20);
  });
});
