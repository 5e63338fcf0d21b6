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

/** Fields as text; empty where a line has none. */
export type FieldValues = Record<Field, string>;

/** Fills the request in; gives back what is wrong, or `null`. */
export function fillIn(
  request: TracedRequest,
  values: FieldValues,
  { times, encoding }: { times: TimeReader | null; encoding: BufferEncoding },
): string | null {
  if (times !== null) {
    request.seconds = times.seconds(values.time);
    if (Number.isNaN(request.seconds)) return 'no time';
  }
  fillInRest(request, values);
  if (values.key.includes(' HTTP/')) return setRequestLine(request, values.key);
  setKey(request, values.key, encoding);
  return null;
}

/** All but key and time. */
export function fillInRest(
  request: TracedRequest,
  { client, method, status, size }: Omit<FieldValues, 'key' | 'time'>,
): void {
  if (client !== '') request.client = withoutPort(client);
  if (method !== '') request.method = method.toUpperCase();
  if (status !== '') request.status = Number(status) || 0;
  if (size !== '') request.size = Number(size);
}
