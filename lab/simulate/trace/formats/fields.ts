import type { TimeReader } from '../times.ts';
import type { ExtraColumn } from '../trace-batch.ts';
import type { Field, FieldNames, TracedRequest } from '../traced-request.ts';
import { setKey, setRequestLine, withoutPort } from '../traced-request.ts';

/** What columns and fields are usually called; the first that is there is meant. */
export const USUAL_NAMES: Readonly<Record<Field, readonly string[]>> = {
  key: ['key', 'url', 'uri', 'request_uri', 'path', 'request'],
  time: [
    'time',
    'timestamp',
    'ts',
    'time_iso8601',
    'time_local',
    'datetime',
    'start_time',
    'msec',
    '@timestamp',
  ],
  client: ['client', 'client_ip', 'remote_addr', 'clientip', 'ip', 'downstream_remote_address'],
  method: ['method', 'request_method', 'verb'],
  status: ['status', 'status_code', 'response_code'],
  size: ['size', 'bytes', 'body_bytes_sent', 'bytes_sent'],
};

/** The name that each field has among these: the one that was given, else a usual one. */
export function namesAmong(has: (name: string) => boolean, given: FieldNames): FieldNames {
  const usual = Object.entries(USUAL_NAMES).map(([field, names]) => [field, names.find(has)]);
  return { ...Object.fromEntries(usual), ...given };
}

/** What a trace whose fields have these names tells besides keys and times. */
export function columnsOf(names: FieldNames): ExtraColumn[] {
  const told = { client: names.client, write: names.method, size: names.size };
  return (['client', 'write', 'size'] as const).filter((column) => told[column] !== undefined);
}

/** Puts the values of fields, as text, into the request; gives back what is wrong with them, or `null`. */
export function fillIn(
  request: TracedRequest,
  values: Readonly<Partial<Record<Field, string>>>,
  { times, encoding }: { times: TimeReader; encoding: BufferEncoding },
): string | null {
  if (values.time !== undefined) {
    request.seconds = times.seconds(values.time);
    if (Number.isNaN(request.seconds)) return 'no time';
  }
  request.client = withoutPort(values.client ?? '');
  request.method = (values.method ?? '').toUpperCase();
  request.status = Number(values.status ?? 0) || 0;
  request.size = Number(values.size || Number.NaN);
  const key = values.key ?? '';
  if (/^[A-Z]+ \S+ HTTP\/[\d.]+$/.test(key)) return setRequestLine(request, key);
  setKey(request, key, encoding);
  return null;
}
