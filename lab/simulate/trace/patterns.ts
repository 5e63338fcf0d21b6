import { UnusableValue } from '../../console/flags.ts';
import { TimeReader } from './times.ts';
import {
  type KeyFrom,
  type LineReader,
  type ReadingOptions,
  type TracedRequest,
  textOf,
} from './traced-request.ts';

/** Reads `--key-from`. @throws UnusableValue */
export function parseKeyFrom(given: string): KeyFrom {
  return given === 'url' || given === 'path' ? given : patternIn(given, 'url, path, or ');
}

/** Reads `--time-from`. @throws UnusableValue */
export const parseTimeFrom = (given: string) => patternIn(given, '');

/** A regular expression whose first group is what is meant. */
function patternIn(given: string, others: string): RegExp {
  let pattern: RegExp;
  try {
    pattern = new RegExp(given);
  } catch (error) {
    throw new UnusableValue(
      `it needs ${others}a regular expression with a group, and this is none (${(error as Error).message})`,
    );
  }
  // An empty alternative matches anything and tells how many groups there are.
  const groups = new RegExp(`${given}|`).exec('')!.length - 1;
  if (groups > 0) return pattern;
  throw new UnusableValue(
    `it needs ${others}a regular expression with a group, and this has no group; put what is meant in parentheses, e.g. "GET /users/([0-9]+)"`,
  );
}

/** What is wrong with a line that a pattern does not match. */
export const NO_KEY_MATCH = 'no match for --key-from';
export const NO_TIME_MATCH = 'no match for --time-from';

/** Takes key and time from where the patterns find them in a line, all else from where the format does. */
export function withPatterns(
  reader: LineReader,
  { keyFrom, timeFrom, timeUnit }: ReadingOptions,
): LineReader {
  const keys = keyFrom instanceof RegExp ? keyFrom : null;
  if (keys === null && timeFrom === undefined) return reader;
  const times = new TimeReader(timeUnit);
  return {
    ...reader,
    hasTimes: reader.hasTimes || timeFrom !== undefined,
    read(request) {
      const line = textOf(request);
      const { bytes, start } = request;
      const wrong = reader.read(request);
      if (wrong !== null) return wrong;
      if (timeFrom) {
        request.seconds = times.seconds(timeFrom.exec(line)?.[1] ?? '');
        if (Number.isNaN(request.seconds)) return NO_TIME_MATCH;
      }
      if (keys === null) return null;
      request.bytes = bytes;
      return keyBy(keys, line, request, start);
    },
  };
}

/** Makes the first group the key of a request that holds the line from `start` on. */
function keyBy(
  pattern: RegExp,
  line: string,
  request: TracedRequest,
  start: number,
): string | null {
  const key = pattern.exec(line)?.[1];
  if (key === undefined) return NO_KEY_MATCH;
  request.otherKeys = [];
  // The same text is the same bytes, wherever in the line it stands.
  const place = line.indexOf(key);
  request.start = start + place;
  request.end = request.start + key.length;
  return null;
}
