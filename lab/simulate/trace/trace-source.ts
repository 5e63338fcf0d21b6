import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { LabError, usageError } from '../../console/errors.ts';

/** Where a trace comes from, uncompressed on the way. */
export interface TraceSource {
  /** For a person: the path, or `standard input`. */
  readonly name: string;
  /** Size as it lies on the disk; `null` for a pipe. */
  readonly bytes: number | null;
  /** How much has been read so far, before decompression. */
  bytesRead(): number;
  chunks(): AsyncIterable<Buffer>;
}

/** What a trace may come from besides files. */
interface Surroundings {
  readonly stdin: Readable;
  /** The program that decompresses xz, which Node does not. */
  readonly xz: string;
}

/** Opens a file, or standard input for `-`. Compression is told by the first bytes, not by the name. */
export function openTrace(path: string, given: Partial<Surroundings> = {}): TraceSource {
  const { stdin, xz } = { stdin: process.stdin, xz: 'xz', ...given };
  const isStdin = path === '-';
  const bytes = isStdin ? null : sizeOf(path);
  let read = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    const input = isStdin ? stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
    for await (const chunk of input as AsyncIterable<Buffer>) {
      read += chunk.length;
      yield chunk;
    }
  };
  const name = isStdin ? 'standard input' : path;
  return {
    name,
    bytes,
    bytesRead: () => read,
    chunks: () => uncompressed(counted(), { name, xz }),
  };
}

function sizeOf(path: string): number | null {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new Error('it is a folder');
    return stats.isFile() ? stats.size : null;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw usageError(
      `--trace ${path} cannot be read: ${missing ? 'there is no such file' : (error as Error).message}.`,
      'Name a file of requests, or - for standard input.',
    );
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const XZ = Buffer.from('\xfd7zXZ\0', 'latin1');
const OTHERS = [
  { magic: Buffer.from('BZh'), name: 'bzip2', command: 'bzip2 -dc' },
  { magic: Buffer.from('PK\u0003\u0004'), name: 'zip', command: 'unzip -p' },
  { magic: Buffer.from([0x04, 0x22, 0x4d, 0x18]), name: 'lz4', command: 'lz4 -dc' },
];

async function* uncompressed(
  source: AsyncGenerator<Buffer>,
  about: { name: string; xz: string },
): AsyncGenerator<Buffer> {
  const begin = await firstBytes(source);
  const whole = (async function* () {
    if (begin.length > 0) yield begin;
    yield* source;
  })();
  try {
    yield* decompressed(whole, begin, about);
  } catch (cause) {
    throw readError(cause as NodeJS.ErrnoException, about.name);
  }
}

/** By the first bytes of the file. */
function decompressed(
  whole: AsyncGenerator<Buffer>,
  begin: Buffer,
  { name, xz }: { name: string; xz: string },
): AsyncIterable<Buffer> {
  const begins = (magic: Buffer) => begin.subarray(0, magic.length).equals(magic);
  // What fails while it is fed fails while it is read; the callback has nothing to add.
  if (begins(GZIP)) return pipeline(whole, createGunzip(), () => {});
  if (begins(ZSTD)) return pipeline(whole, createZstdDecompress(), () => {});
  if (begins(XZ)) return throughXz(whole, name, xz);
  const other = OTHERS.find(({ magic }) => begins(magic));
  if (other === undefined) return whole;
  throw usageError(
    `${name} is compressed by ${other.name}, which is not read here.`,
    `Pipe it: ${other.command} … | npm run lab -- simulate --trace -`,
  );
}

/** Enough bytes to tell the kind of the file; a pipe may deliver them one by one. */
async function firstBytes(source: AsyncGenerator<Buffer>): Promise<Buffer> {
  let begin = Buffer.alloc(0);
  while (begin.length < XZ.length) {
    const next = await source.next();
    if (next.done) break;
    begin = Buffer.concat([begin, next.value]);
  }
  return begin;
}

async function* throughXz(
  whole: AsyncGenerator<Buffer>,
  name: string,
  program: string,
): AsyncGenerator<Buffer> {
  const xz = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(xz, 'close') as Promise<[code: number | null]>;
  // It is waited for below; until then nobody listens.
  ended.catch(() => {});
  // When xz ends early, its exit says why.
  pipeline(whole, xz.stdin, () => {});
  const words = text(xz.stderr);
  try {
    yield* xz.stdout as AsyncIterable<Buffer>;
    const [code] = await ended.catch(() => {
      throw usageError(
        `${name} is compressed by xz, and there is no program xz here to decompress it.`,
        'Install xz, or give the trace decompressed.',
      );
    });
    if (code === 0) return;
    throw usageError(
      `${name} cannot be decompressed: ${(await words).trim()}.`,
      'Get the whole file again; xz -t tells whether it is whole.',
    );
  } finally {
    xz.kill();
  }
}

function readError(cause: NodeJS.ErrnoException, name: string): unknown {
  if (cause instanceof LabError) return cause;
  const code = cause.code ?? '';
  if (code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong') {
    return usageError(
      `${name} is cut off: its compressed data end in the middle.`,
      'Get the whole file again; gzip -t or zstd -t tell whether it is whole.',
    );
  }
  if (code.startsWith('Z_') || code.startsWith('ZSTD_')) {
    return usageError(
      `${name} is damaged: it cannot be decompressed (${cause.message}).`,
      'Get the file again; gzip -t or zstd -t tell whether it is whole.',
    );
  }
  return usageError(
    `${name} cannot be read: ${cause.message}.`,
    'Check that the file exists and may be read.',
  );
}
