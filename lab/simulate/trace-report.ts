import { count, counted, inWords } from '../../reports/record/format.ts';
import type { Exhibit, Warning } from '../../reports/record/schema.ts';
import { table } from '../../scenarios/kit/exhibits.ts';
import { sampledCapacity } from './simulate.ts';
import type { SimulatedTrace } from './simulated-trace.ts';

/** What was read, and what was left out. */
export function traceTable({ name, reader, sample }: SimulatedTrace): Exhibit {
  const sampled = sample < 1;
  const rows: (readonly [what: string, value: string | number | null])[] = [
    ['trace', name],
    ['format', reader.format ?? null],
    ['lines', reader.lines],
    ['requests', reader.requests],
    ...(sampled ? ([['requests in the sample', reader.sampled]] as const) : []),
    [sampled ? 'different keys in the sample' : 'different keys', reader.table.size],
    ['seconds from first to last', reader.hasTimes ? Math.round(reader.durationSeconds) : null],
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
      'Look at that line; --format and --key-from say how lines are read.',
    );
  }
  if (reader.backwards > 0) {
    warn(
      `The time runs backwards in ${lineCount(reader.backwards)}, by ${inWords(reader.largestStepBackSeconds, 'number')} s at most. Such a line counts as happening with the one before.`,
      'Sort the trace by time if that is too much.',
    );
  }
  if (reader.keysNotUtf8 > 0) {
    warn(
      `Different keys that are not valid UTF-8: ${count(reader.keysNotUtf8)}. Keys are compared byte by byte, so these count like all others.`,
      'Nothing has to be done if they are what the server saw.',
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

const lineCount = (lines: number) => counted(lines, 'line');
