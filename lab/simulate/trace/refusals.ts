import { type UsageError, usageError } from '../../console/errors.ts';
import { FORMAT_NAMES } from './formats/index.ts';
import type { LeftOut, Only } from './only.ts';
import { NO_KEY_MATCH } from './patterns.ts';
import { shownLine } from './shown-line.ts';
import type { KeyFrom, ReadingOptions, TraceFormat } from './traced-request.ts';

const KEYS_ARE_LINES = '--format keys if each line is a key';
const PATTERNS = "--key-from 'REGEX' and --time-from 'REGEX' that find key and time in any line";
const EXAMPLES = 'lab/simulate/README.md has an example of every format';

/** Lines of which no format is plainly meant. */
export function notUnderstood(lines: readonly string[], options: ReadingOptions): UsageError {
  const { name, fields } = options;
  const first = lines.find((line) => line !== '');
  if (first === undefined) {
    return usageError(
      `${name} begins with nothing but empty lines.`,
      'Name a file with requests in it.',
    );
  }
  const table = fields.key
    ? `--format csv if --key-field ${fields.key} is a column of it`
    : '--key-field with the name of the column that is the key, or with its number if the first line names none';
  const ways = [...(/[,;\t]/.test(first) ? [table] : []), KEYS_ARE_LINES, PATTERNS];
  return usageError(
    `${name} is not understood. Its first line: ${shownLine(first)}`,
    `Say what it is: ${ways.join('; ')}. ${EXAMPLES}.`,
  );
}

/** Of nearly as many different keys as lines: they may be anything. */
export function notKeys(seen: { requests: number; keys: number }, first: string, name: string) {
  return usageError(
    `${name} looks like a key per line, but ${seen.keys} of its first ${seen.requests} lines are different, and keys come again. Its first line: ${first}`,
    `Say what it is: ${KEYS_ARE_LINES}; ${PATTERNS}. ${EXAMPLES}.`,
  );
}

export function emptyTrace(name: string): UsageError {
  return usageError(`${name} is empty.`, 'Name a file with requests in it.');
}

export function headerAlone(name: string): UsageError {
  return usageError(`${name} has a header and no line after it.`, 'Name a whole trace.');
}

/** Requests, none of which `--only` counts. */
export function allLeftOut(leftOut: LeftOut, only: Only, name: string): UsageError {
  const kinds = leftOut.most(3).map(([kind, requests]) => `${requests} ${kind}`);
  return usageError(
    `Not one request of ${name} counts with --only '${only}'. There are: ${kinds.join(', ')}.`,
    "Say what counts, e.g. --only 'GET 2xx', or --only all.",
  );
}

/** Lines that are all malformed for the format that they are read as. */
export function nothingRead(
  read: {
    format: TraceFormat;
    lines: number;
    wrong: { reason: string; firstLine: number } | undefined;
    keyFrom: KeyFrom;
    name: string;
  },
  first: string,
): UsageError {
  const { format, lines, wrong, keyFrom, name } = read;
  const none =
    lines === 1 ? 'its only line is no request' : `none of its ${lines} lines is a request`;
  const why = wrong ? ` Line ${wrong.firstLine}: ${wrong.reason}.` : '';
  const others = FORMAT_NAMES.filter((other) => other !== format.name).join(', ');
  return usageError(
    `${name} was read as ${format.about}, and ${none}.${why}${first === '' ? '' : ` Its first line: ${first}`}`,
    wrong?.reason === NO_KEY_MATCH && keyFrom instanceof RegExp
      ? `Change the pattern of --key-from, ${keyFrom.source}: it is looked for in the whole line.`
      : `If it is something else, say --format ${others}; or say where the key stands, with --key-from 'REGEX'.`,
  );
}

/** A file whose lines end as on old Macs would be one key. */
export function loneReturns(name: string): UsageError {
  return usageError(
    `The lines of ${name} end in CR alone.`,
    "Convert them first: tr '\\r' '\\n' < trace > converted.",
  );
}

export function controlCharacters(line: string, name: string): UsageError {
  return usageError(
    `${name} is binary, not lines of text: it has control characters. The first such line: ${shownLine(line)}`,
    'Give it as text in UTF-8, or say --format keys if its keys are like that.',
  );
}

/** Text has no zero bytes; compressed data and UTF-16 do, nearly at once. */
export function zeroBytes(name: string): UsageError {
  return usageError(
    `${name} is binary, not lines of text: it has zero bytes.`,
    'Give it as text in UTF-8, plain or compressed by gzip, zstd or xz.',
  );
}
