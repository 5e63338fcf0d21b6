import { readFileSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
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
  return readAs(RunRecord, file);
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
      `${file} is a record of version ${JSON.stringify(version)}; this lab reads version ${RECORD_VERSION}.${whoWrote(version)}`,
    );
  }
  if (!Value.Check(shape, content)) {
    const first = Value.Errors(shape, content)[0]!;
    throw new UnreadableRecordError(
      `${file} is damaged: at ${first.instancePath || 'its top'} it ${first.message}.`,
    );
  }
  return content;
}

function whoWrote(version: unknown): string {
  if (typeof version !== 'number') return '';
  // Stryker disable next-line EqualityOperator: its own version was not refused
  return version < RECORD_VERSION
    ? ' An older lab wrote it; run its command again.'
    : ' A newer lab wrote it.';
}

function parse(file: string): unknown {
  let text: string;
  try {
    // Stryker disable next-line StringLiteral: JSON.parse takes bytes for UTF-8 too
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'there is no such file' : (error as Error).message;
    throw new UnreadableRecordError(`${file} cannot be read: ${why}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableRecordError(`${file} is not JSON.`);
  }
}
