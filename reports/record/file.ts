import { readFileSync, statSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { contradictionIn } from './consistency.ts';
import { RunHead, RunRecord } from './schema.ts';
import { RECORD_SCHEMA, RECORD_VERSION } from './vocabulary.ts';

/** A file that is no record this version can read. The message says what it is instead. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

/**
 * Reads a record.
 *
 * @throws UnreadableRecordError that says what the file is instead
 */
export function readRecord(file: string): RunRecord {
  const record = readAs(RunRecord, file);
  const found = contradictionIn(record);
  if (found) throw damaged(file, found.path, found.what);
  return record;
}

/**
 * What a list shows of a run; its arms, which are nearly all of a record, are not looked at.
 *
 * @throws UnreadableRecordError as {@link readRecord}
 */
export function readRunHead(file: string): RunHead {
  return readAs(RunHead, file);
}

function readAs<Schema extends TSchema>(shape: Schema, file: string): Static<Schema> {
  const content = parse(file);
  const { schema, version } = (content ?? {}) as { schema?: unknown; version?: unknown };
  if (schema !== RECORD_SCHEMA) {
    throw new UnreadableRecordError(
      `${file} is JSON, but no record of this lab: its schema is ${JSON.stringify(schema) ?? 'missing'}, not "${RECORD_SCHEMA}".`,
    );
  }
  if (version !== RECORD_VERSION) {
    throw new UnreadableRecordError(
      `${file} is a record of version ${JSON.stringify(version) ?? 'nothing'}; this lab reads version ${RECORD_VERSION}.${whoWrote(version)}`,
    );
  }
  if (!Value.Check(shape, content)) {
    const first = Value.Errors(shape, content)[0]!;
    throw damaged(file, first.instancePath || 'its top', first.message);
  }
  return content;
}

function damaged(file: string, place: string, what: string): UnreadableRecordError {
  return new UnreadableRecordError(`${file} is damaged: at ${place} it ${what}.`);
}

function whoWrote(version: unknown): string {
  if (typeof version !== 'number') return '';
  // Stryker disable next-line EqualityOperator: its own version was not refused
  return version < RECORD_VERSION
    ? ' An older lab wrote it; run its command again.'
    : ' A newer lab wrote it.';
}

/** A record of the largest runs has a tenth of that; more would not fit into one text. */
const MOST_BYTES = 400 * 1024 * 1024;

function parse(file: string): unknown {
  const text = contentOf(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableRecordError(`${file} is not JSON.`);
  }
}

function contentOf(file: string): string {
  try {
    const found = statSync(file);
    // A device or a pipe might never end.
    if (!found.isFile()) throw new Error('it is no file');
    if (found.size > MOST_BYTES) throw new Error('it is too large for a record');
    // Stryker disable next-line StringLiteral: JSON.parse takes bytes for UTF-8 too
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new UnreadableRecordError(`${file} cannot be read: ${why}.`);
  }
}
