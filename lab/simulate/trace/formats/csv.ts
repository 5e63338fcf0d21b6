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
  setRequestLine,
  type TraceFormat,
} from '../traced-request.ts';
import { CsvRow, fieldsOf, separatorOf } from './csv-row.ts';
import { columnsOf, fillInRest, namesAmong } from './fields.ts';

/**
 * Values separated by commas, semicolons or tabs, quoted as in RFC 4180, one row per line. The first line
 * names the columns, unless the columns that are meant are given by their numbers.
 */
export const csv: TraceFormat = {
  name: 'csv',
  about: 'CSV',
  recognises([header = ''], { fields }) {
    const columns = columnsIn(header);
    if (isNumber(fields.key)) return columns.length > 1;
    const { key } = namesAmong((name) => columns.includes(name), fields);
    return columns.length > 1 && key !== undefined && columns.includes(key.toLowerCase());
  },
  open,
};

function open([header = '']: readonly string[], options: ReadingOptions): LineReader {
  const separator = separatorOf(header);
  const isNumbered = isNumber(options.fields.key);
  const { names, places } = isNumbered
    ? numberedColumns(options.fields, header)
    : namedColumns(options, header);
  const width = (fieldsOf(header, separator) ?? []).length;
  const times = names.time === undefined ? null : new TimeReader(options.timeUnit);
  const row = new CsvRow(separator, width);
  const place = (field: Field) => places[field] ?? -1;
  const [key, time] = [place('key'), place('time')];
  const rest = {
    client: place('client'),
    method: place('method'),
    status: place('status'),
    size: place('size'),
  };
  const hasRest = Object.values(rest).some((one) => one >= 0);
  const isRequestLine = names.key === 'request';
  return {
    hasTimes: times !== null,
    columns: columnsOf(names),
    headerLines: isNumbered ? 0 : 1,
    ...((names.method ?? names.status) !== undefined && HTTP),
    read(request) {
      if (!row.cut(request)) return 'a quote that does not end';
      if (row.width !== width) return 'another number of fields than in the first line';
      if (times !== null) {
        request.seconds = row.time(time, times);
        if (Number.isNaN(request.seconds)) return 'no time';
      }
      if (hasRest) {
        fillInRest(request, {
          ...{ client: row.text(rest.client), method: row.text(rest.method) },
          ...{ status: row.text(rest.status), size: row.text(rest.size) },
        });
      }
      if (isRequestLine) return setRequestLine(request, row.text(key));
      row.narrow(request, key);
      return null;
    },
  };
}

const isNumber = (name = '') => /^\d+$/.test(name);

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

function columnsIn(header: string): string[] {
  const fields = fieldsOf(header, separatorOf(header)) ?? [];
  return fields.map((name) => name.replace(/^#/, '').trim().toLowerCase());
}
