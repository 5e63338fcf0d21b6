import { usageError } from '../../../console/errors.ts';
import { shownLine } from '../shown-line.ts';
import { dateInSeconds } from '../times.ts';
import {
  HTTP,
  type LineReader,
  NOT_A_REQUEST,
  type ReadingOptions,
  setKey,
  type TracedRequest,
  type TraceFormat,
  textOf,
} from '../traced-request.ts';

const FIELDS_LINE = /^#Fields: */;

/**
 * W3C's Extended Log File Format: CloudFront writes it with tabs, IIS with spaces. A line `#Fields:` names
 * the fields of the lines after it.
 */
export const w3c: TraceFormat = {
  name: 'w3c',
  about: 'a log with #Fields, as of CloudFront',
  recognises: (lines) => lines.some((line) => FIELDS_LINE.test(line)),
  open,
};

function open(lines: readonly string[], { keyFrom, name }: ReadingOptions): LineReader {
  const first = lines.find((line) => FIELDS_LINE.test(line)) ?? '';
  let places = placesIn(first);
  for (const field of ['date', 'time', ...(keyFrom instanceof RegExp ? [] : ['cs-uri-stem'])]) {
    if (places.has(field)) continue;
    throw usageError(
      `The fields of ${name} have no ${field}: ${shownLine(first)}`,
      "Have the server log date, time and cs-uri-stem, or say what the key is with --key-from 'REGEX' and the time with --time-from 'REGEX'.",
    );
  }
  return {
    ...{ hasTimes: true, columns: ['client', 'write', 'size'], ...HTTP },
    read(request) {
      const line = textOf(request);
      if (line.startsWith('#')) {
        if (FIELDS_LINE.test(line)) places = placesIn(line);
        return NOT_A_REQUEST;
      }
      const values = line.split(line.includes('\t') ? '\t' : ' ');
      if (values.length !== places.size) return 'another number of fields than #Fields';
      return fillIn(request, (field) => values[places.get(field) ?? -1] ?? '-');
    },
  };
}

function placesIn(line: string): Map<string, number> {
  const fields = line.replace(FIELDS_LINE, '').trim().split(/\s+/);
  return new Map(fields.map((field, place) => [field, place]));
}

/** A dash stands for what is not there. */
function fillIn(request: TracedRequest, value: (field: string) => string): string | null {
  request.seconds = dateInSeconds(`${value('date')} ${value('time')}`);
  if (Number.isNaN(request.seconds)) return 'no time';
  request.client = value('c-ip');
  request.method = value('cs-method').replace('-', '');
  request.status = Number(value('sc-status')) || 0;
  request.size = Number(value('sc-bytes'));
  const query = value('cs-uri-query');
  setKey(request, value('cs-uri-stem') + (query === '-' ? '' : `?${query}`));
  return null;
}
