import { usageError } from '../../../console/errors.ts';
import { shownLine } from '../shown-line.ts';
import { TimeReader } from '../times.ts';
import {
  areMostly,
  FIELDS,
  type Field,
  type FieldNames,
  HTTP,
  type LineReader,
  type ReadingOptions,
  type TraceFormat,
  textOf,
} from '../traced-request.ts';
import { columnsOf, type FieldValues, fillIn, namesAmong } from './fields.ts';

/** An object of JSON per line, as servers write it. */
export const jsonLines: TraceFormat = {
  name: 'json',
  about: 'JSON, an object per line',
  recognises: (lines) => areMostly(lines, (line) => objectIn(line) !== null),
  open,
};

/** Where servers that nest their fields put them. */
const SERVERS: readonly Readonly<Partial<Record<Field, readonly string[]>>>[] = [
  // Caddy; client_ip since 2.7.
  {
    ...{ key: ['request.uri'], time: ['ts'], method: ['request.method'] },
    ...{ client: ['request.client_ip', 'request.remote_ip'], status: ['status'], size: ['size'] },
  },
  // Traefik
  {
    ...{ key: ['RequestPath'], time: ['StartUTC', 'time'], method: ['RequestMethod'] },
    ...{ client: ['ClientHost'], status: ['DownstreamStatus'], size: ['DownstreamContentSize'] },
  },
  // pino-http, Fastify
  {
    ...{ key: ['req.url'], time: ['time'], method: ['req.method'], status: ['res.statusCode'] },
    ...{ client: ['req.remoteAddress'], size: ['res.headers.content-length'] },
  },
];

const NO_VALUES = { key: '', time: '', client: '', method: '', status: '', size: '' };

function open(lines: readonly string[], options: ReadingOptions): LineReader {
  const names = namesIn(lines, options);
  const times = names.time === undefined ? null : new TimeReader(options.timeUnit);
  const wanted = FIELDS.filter((field) => names[field] !== undefined).map(
    (field) => [field, pathOf(names[field]!)] as const,
  );
  const needsKey = !(options.keyFrom instanceof RegExp);
  return {
    hasTimes: names.time !== undefined,
    columns: columnsOf(names),
    ...((names.method ?? names.status) !== undefined && HTTP),
    read(request) {
      const object = objectIn(textOf(request));
      if (object === null) return 'no object of JSON';
      const values: FieldValues = { ...NO_VALUES };
      for (const [field, path] of wanted) values[field] = textAt(object, path);
      if (needsKey && values.key === '') return `no ${names.key}`;
      if (names.time !== undefined && values.time === '') return `no ${names.time}`;
      return fillIn(request, values, { times, encoding: 'utf8' });
    },
  };
}

/** The fields that were named, else those of the server whose fields are there, else those of usual names. */
function namesIn(lines: readonly string[], { fields, keyFrom, name }: ReadingOptions): FieldNames {
  const objects = lines.map(objectIn).filter((object) => object !== null);
  const has = (field: string) => objects.some((one) => valueAt(one, pathOf(field)) !== undefined);
  for (const server of SERVERS) {
    const there = FIELDS.map((field) => [field, server[field]?.find(has)] as const);
    const names: FieldNames = Object.fromEntries(there.filter(([, found]) => found !== undefined));
    if (names.key && names.time) return { ...names, ...fields };
  }
  const names = namesAmong(has, fields);
  // An application's own log has paths, too; only a log of requests has methods or status beside them.
  const isRequest = names.key === 'key' || names.method !== undefined || names.status !== undefined;
  if (keyFrom instanceof RegExp) return names;
  if ((fields.key && has(fields.key)) || (!fields.key && names.key && isRequest)) return names;
  const there = [...new Set(objects.flatMap((object) => fieldNames(object)))].join(', ');
  throw usageError(
    `${name} is JSON, ${fields.key ? `and has no field "${fields.key}"` : 'and none of its fields is known for a key'}. Its first line: ${shownLine(lines[0] ?? '')}`,
    `Say which fields are the key and the time, e.g. --key-field request.uri --time-field ts. There are: ${shownLine(there)}.`,
  );
}

function objectIn(line: string): Record<string, unknown> | null {
  if (line[0] !== '{') return null;
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
  } catch {
    return null;
  }
}

/** A field whose name has a dot in it is found as well as one that is nested. */
const pathOf = (name: string) => [name, ...name.split('.')];

function valueAt(object: Record<string, unknown>, [whole, ...parts]: readonly string[]): unknown {
  if (Object.hasOwn(object, whole!)) return object[whole!];
  let value: unknown = object;
  for (const part of parts) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'object' ? undefined : value;
}

function textAt(object: Record<string, unknown>, path: readonly string[]): string {
  const value = valueAt(object, path);
  return value === undefined || value === null ? '' : String(value);
}

/** `level`, `request.uri` … */
function fieldNames(object: object, before = ''): string[] {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? fieldNames(value, `${before}${name}.`)
      : [`${before}${name}`],
  );
}
