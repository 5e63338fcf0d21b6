import { usageError } from '../../console/errors.ts';
import type { LineFormat, ParsedLine } from './line-format.ts';
import { EXTRA_COLUMNS } from './trace-batch.ts';

export const TIME_UNITS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;
export type TimeUnit = keyof typeof TIME_UNITS;

/** Seconds beyond this (the year 5138) are taken for a mistake of the unit. */
const LATEST_SECONDS = 1e11;

/** Whether a first line can be the header of a trace: it names a column `key`. */
export function isCsvHeader(line: string): boolean {
  return line.includes(',') && columnsOf(line).includes('key');
}

/** Whether a line begins as the rows of a trace with times do: a number or a date, a comma, a key. */
export function isTimedRow(line: string): boolean {
  return /^\s*"?(\d+(\.\d+)?|\d{4}-\d\d-\d\d[T ][\d:.+Z-]*)"?,./.test(line);
}

/**
 * Comma-separated values as in RFC 4180, one row per line. The header names the columns; `key` is
 * needed, `time` makes it a trace with times: a number in `unit`, or a date as in ISO 8601.
 */
export function csvFormat(header: string, unit: TimeUnit): LineFormat {
  const columns = columnsOf(header);
  const keyColumn = columns.indexOf('key');
  const timeColumn = columns.indexOf('time');
  const [client, method, size] = ['client', 'method', 'size'].map((name) => columns.indexOf(name));
  if (keyColumn < 0) {
    throw usageError(
      `The first line of the trace names no column "key": ${header}`,
      'Name the columns in the first line, e.g. time,key.',
    );
  }
  for (const name of ['key', 'time']) {
    if (columns.indexOf(name) === columns.lastIndexOf(name)) continue;
    throw usageError(
      `The first line of the trace names two columns "${name}": ${header}`,
      'Leave the name to the column that is meant.',
    );
  }
  const parse = (parsed: ParsedLine): string | null => {
    const fields = fieldsOf(parsed.bytes.toString('latin1', parsed.start, parsed.end));
    if (fields === null) return 'a quote that does not end';
    if (fields.length !== columns.length) return 'another number of fields than the header';
    if (timeColumn >= 0) {
      parsed.seconds = secondsOf(fields[timeColumn]!, unit);
      if (Number.isNaN(parsed.seconds)) return 'no time';
    }
    parsed.client = fields[client!] ?? '';
    parsed.method = fields[method!] ?? '';
    parsed.size = Number(fields[size!] || Number.NaN);
    parsed.bytes = Buffer.from(fields[keyColumn]!, 'latin1');
    parsed.start = 0;
    parsed.end = parsed.bytes.length;
    return null;
  };
  const told = { client: client! >= 0, write: method! >= 0, size: size! >= 0 };
  const extra = EXTRA_COLUMNS.filter((column) => told[column]);
  return { name: 'csv', hasTimes: timeColumn >= 0, columns: extra, parse };
}

function columnsOf(header: string): string[] {
  return (fieldsOf(header) ?? []).map((name) => name.trim().toLowerCase());
}

/** The fields of a line; `null` when a quote is not closed. Two quotes in a quoted field are one. */
function fieldsOf(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      const end = comma < 0 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    let end = at + 1;
    while (line[end] !== '"' || line[end + 1] === '"') {
      if (end >= line.length) return null;
      end += line[end] === '"' ? 2 : 1;
    }
    fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 < line.length && line[end + 1] !== ',') return null;
    at = end + 2;
  }
  return fields;
}

function secondsOf(text: string, unit: TimeUnit): number {
  const trimmed = text.trim();
  if (trimmed === '') return Number.NaN;
  const number = Number(trimmed);
  if (Number.isNaN(number)) return Date.parse(trimmed) / 1000;
  if (number === -Infinity) return Number.NaN;
  if (number * TIME_UNITS[unit] > LATEST_SECONDS) {
    throw usageError(
      `The time ${trimmed} would be past the year 5000 in ${unit}.`,
      'Say what the times are in: --time-unit ms, us or ns.',
    );
  }
  return number * TIME_UNITS[unit];
}
