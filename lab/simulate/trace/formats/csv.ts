import { usageError } from '../../../console/errors.ts';
import { shownLine } from '../shown-line.ts';
import { TimeReader } from '../times.ts';
import {
  FIELDS,
  type Field,
  type FieldNames,
  HTTP,
  type LineReader,
  type ReadingOptions,
  type TraceFormat,
  textOf,
} from '../traced-request.ts';
import { columnsOf, fillIn, namesAmong } from './fields.ts';

/**
 * Values separated by commas, semicolons or tabs, quoted as in RFC 4180, one row per line. The first line
 * names the columns, unless the columns that are meant are given by their numbers.
 */
export const csv: TraceFormat = {
  name: 'csv',
  about: 'CSV',
  recognises([header = ''], { fields }) {
    const columns = columnsIn(header);
    const { key } = namesAmong((name) => columns.includes(name), fields);
    return columns.length > 1 && key !== undefined && columns.includes(key.toLowerCase());
  },
  open,
};

function open([header = '']: readonly string[], options: ReadingOptions): LineReader {
  const separator = separatorOf(header);
  const isNumbered = /^\d+$/.test(options.fields.key ?? '');
  const { names, places } = isNumbered
    ? numberedColumns(options.fields, header)
    : namedColumns(options, header);
  const width = (fieldsOf(header, separator) ?? []).length;
  const times = new TimeReader(options.timeUnit);
  const wanted = Object.entries(places) as [Field, number][];
  return {
    hasTimes: names.time !== undefined,
    columns: columnsOf(names),
    headerLines: isNumbered ? 0 : 1,
    ...((names.method ?? names.status) !== undefined && HTTP),
    read(request) {
      const values = fieldsOf(textOf(request), separator);
      if (values === null) return 'a quote that does not end';
      if (values.length !== width) return 'another number of fields than in the first line';
      const named: Partial<Record<Field, string>> = {};
      for (const [field, place] of wanted) named[field] = values[place]!;
      return fillIn(request, named, { times, encoding: 'latin1' });
    },
  };
}

/** `--key-field 2`: columns by their numbers, from 1; the first line is a row like all others. */
function numberedColumns(fields: FieldNames, first: string) {
  const width = (fieldsOf(first, separatorOf(first)) ?? []).length;
  const places: Partial<Record<Field, number>> = {};
  for (const field of FIELDS) {
    const name = fields[field];
    if (name === undefined) continue;
    const number = Number(name);
    if (!(number >= 1 && number <= width)) {
      throw usageError(
        `--${field}-field ${name} is none of the ${width} columns of the first line: ${shownLine(first)}`,
        'Give the columns by their numbers, from 1, or by their names in the first line.',
      );
    }
    places[field] = number - 1;
  }
  return { names: fields, places };
}

function namedColumns({ fields, name, keyFrom }: ReadingOptions, header: string) {
  const columns = columnsIn(header);
  const names = namesAmong((one) => columns.includes(one), fields);
  const places: Partial<Record<Field, number>> = {};
  for (const field of FIELDS) {
    const column = names[field]?.toLowerCase();
    if (column === undefined) continue;
    places[field] = columns.indexOf(column);
    if (places[field] < 0) {
      throw usageError(
        `The first line of ${name} names no column "${column}": ${shownLine(header)}`,
        `Give --${field}-field one of these names, or the number of the column if there are no names.`,
      );
    }
    if (places[field] === columns.lastIndexOf(column)) continue;
    throw usageError(
      `The first line of ${name} names two columns "${column}": ${shownLine(header)}`,
      'Leave the name to the column that is meant.',
    );
  }
  if (places.key === undefined && !(keyFrom instanceof RegExp)) {
    throw usageError(
      `The first line of ${name} names no column "key": ${shownLine(header)}`,
      'Say which column is the key: --key-field with its name, or with its number (from 1) if the first line names none.',
    );
  }
  return { names, places };
}

const SEPARATORS = [',', ';', '\t'] as const;

/** The one that gives the most columns. */
function separatorOf(line: string): string {
  const parts = (separator: string) => line.split(separator).length;
  return SEPARATORS.reduce((best, next) => (parts(next) > parts(best) ? next : best));
}

function columnsIn(header: string): string[] {
  const fields = fieldsOf(header, separatorOf(header)) ?? [];
  return fields.map((name) => name.replace(/^#/, '').trim().toLowerCase());
}

/** The fields of a line; `null` when a quote is not closed. Two quotes in a quoted field are one. */
function fieldsOf(line: string, separator: string): string[] | null {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const next = line.indexOf(separator, at);
      const end = next < 0 ? line.length : next;
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
    if (end + 1 < line.length && line[end + 1] !== separator) return null;
    at = end + 2;
  }
  return fields;
}
