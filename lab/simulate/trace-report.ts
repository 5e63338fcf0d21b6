import { count, counted, inWords } from '../../reports/record/format.ts';
import type { Exhibit, Warning } from '../../reports/record/schema.ts';
import { table } from '../../scenarios/kit/exhibits.ts';
import type { SimulatedTrace } from './simulated-trace.ts';
import type { TraceReader } from './trace/trace-reader.ts';
import { sampledCapacity } from './worker-caches.ts';

/** What was read, and what was left out. */
export function traceTable({ name, reader, sample }: SimulatedTrace): Exhibit {
  const sampled = sample < 1;
  const rows: (readonly [what: string, value: string | number | null])[] = [
    ['trace', name],
    ['format', reader.about],
    ['lines', reader.lines],
    ['requests', reader.requests],
    ...(reader.writes > 0 ? ([['writes', reader.writes]] as const) : []),
    ...(sampled ? ([['requests in the sample', reader.sampled]] as const) : []),
    [sampled ? 'different keys in the sample' : 'different keys', reader.table.size],
    ['first key', reader.firstKey],
    ['seconds from first to last', reader.hasTimes ? Math.round(reader.durationSeconds) : null],
    ...reader.leftOut
      .most(MOST_KINDS)
      .map(([kind, count]) => [`requests left out by --only: ${kind}`, count] as const),
    ...[...reader.malformed.values()].map(
      ({ reason, count, firstLine }) =>
        [`lines left out: ${reason} (first: line ${firstLine})`, count] as const,
    ),
  ];
  return table(rows, {
    id: 'trace',
    title: 'The trace',
    caption: 'What was read, and what could not be.',
    columns: [
      ['what', ([what]) => what],
      ['value', ([, value]) => value, 'count'],
    ],
  });
}

/** A sampled cache with fewer entries than this is too coarse a picture of the real one. */
const COARSE_ENTRIES = 50;

/** What a person should know before using the figures. */
export function warningsFor(trace: SimulatedTrace): Warning[] {
  const { reader, sample, maxEntries, timeoutSeconds } = trace;
  const warnings: Warning[] = [];
  const warn = (message: string, remedy: string) =>
    warnings.push({ kind: 'other', arm: null, message, remedy });
  for (const { reason, count: lines, firstLine } of reader.malformed.values()) {
    warn(
      `${lineCount(lines)} left out: ${reason}. The first is line ${firstLine}.`,
      'Look at that line; set how lines are read with --format and --key-from.',
    );
  }
  if (reader.leftOut.requests > 0) {
    const kinds = reader.leftOut
      .most(MOST_KINDS)
      .map(([kind, count]) => `${counted(count, kind, kind)}`);
    warn(
      `${counted(reader.leftOut.requests, 'request')} left out, because only ${reader.only} count: ${kinds.join(', ')}${reader.leftOut.kinds.size > MOST_KINDS ? ' …' : ''}.`,
      "Say with --only what else the cache answers, e.g. --only 'GET 2xx', or --only all.",
    );
  }
  warnOfClock(reader, warn);
  if (reader.keysNotUtf8 > 0) {
    warn(
      `Different keys that are not valid UTF-8: ${count(reader.keysNotUtf8)}. Keys are compared byte by byte, so these count like all others.`,
      'If the server saw them like this, do nothing.',
    );
  }
  if (timeoutSeconds !== null && !reader.hasTimes) {
    warn(
      'The trace has no times, so nothing expires in this simulation.',
      'Give --rate to space the requests out, or a trace with times.',
    );
  }
  if (sample < 1 && sampledCapacity(maxEntries, sample) < COARSE_ENTRIES) {
    warn(
      `With --sample ${sample} a cache of ${count(maxEntries)} entries is simulated by one of ${sampledCapacity(maxEntries, sample)}, which is coarse.`,
      `Use --sample ${inWords(Math.min(1, COARSE_ENTRIES / maxEntries), 'number')} or more.`,
    );
  }
  return warnings;
}

/** What was wrong with the times, and what was made of them. */
function warnOfClock(
  { clock, durationSeconds, requests }: TraceReader,
  warn: (message: string, remedy: string) => void,
): void {
  if (clock.backwards > 0) {
    warn(
      `The time runs backwards in ${lineCount(clock.backwards)}, by ${inWords(clock.largestStepBackSeconds, 'number')} s at most. Such a line gets the time of the one before.`,
      'Sort the trace by time if that is too much.',
    );
  }
  if (clock.repaired > 0) {
    warn(
      `The time of ${lineCount(clock.repaired)} is far in the future; the first is line ${count(clock.firstRepairedLine)}. Such a line gets the time of the one before.`,
      'If the clock was wrong there, do nothing.',
    );
  }
  const [step] = clock.stepsBack;
  if (step) {
    warn(
      `From line ${count(step.line)} on the time is ${inWords(step.seconds, 'number')} s earlier, and stays so${clock.stepsBack.length > 1 ? `; ${counted(clock.stepsBack.length, 'such step')} in all` : ''}. It goes on from where it was.`,
      'Sort the trace by time if it was merged from several logs.',
    );
  }
  const { line, seconds } = clock.largestGap;
  if (seconds > LONG_GAP_SECONDS && seconds > durationSeconds / 2 && requests > 2) {
    warn(
      `For ${inWords(seconds / 86_400, 'number')} days there is no request before line ${count(line)}, longer than all the rest of the trace.`,
      'If the time of that line or of those before it is wrong, all rates are: leave these lines out.',
    );
  }
}

/** A day. */
const LONG_GAP_SECONDS = 86_400;
/** So many kinds of requests are told. */
const MOST_KINDS = 5;

const lineCount = (lines: number) => counted(lines, 'line');
