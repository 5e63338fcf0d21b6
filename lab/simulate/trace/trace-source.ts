import { createReadStream, statSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
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

/** Opens a file, or standard input for `-`. Compression is told by the first bytes, not by the name. */
export function openTrace(path: string, stdin: Readable = process.stdin): TraceSource {
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
  return { name, bytes, bytesRead: () => read, chunks: () => uncompressed(counted(), name) };
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

async function* uncompressed(source: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Buffer> {
  const begin = await firstBytes(source);
  const whole = (async function* () {
    if (begin.length > 0) yield begin;
    yield* source;
  })();
  const decompress = begin.subarray(0, 2).equals(GZIP)
    ? createGunzip()
    : begin.subarray(0, 4).equals(ZSTD)
      ? createZstdDecompress()
      : null;
  try {
    if (decompress === null) yield* whole;
    // What fails while it is fed fails while it is read; the callback has nothing to add.
    else yield* pipeline(whole, decompress, () => {}) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw readError(cause as NodeJS.ErrnoException, name);
  }
}

/** Enough bytes to tell the kind of the file; a pipe may deliver them one by one. */
async function firstBytes(source: AsyncGenerator<Buffer>): Promise<Buffer> {
  let begin = Buffer.alloc(0);
  while (begin.length < ZSTD.length) {
    const next = await source.next();
    if (next.done) break;
    begin = Buffer.concat([begin, next.value]);
  }
  return begin;
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
