import type { Exhibit, Verdict, Warning } from '../../reports/record/schema.ts';
import { type SimulatedFleet, sampledCapacity } from './simulate.ts';
import type { TraceReader } from './trace/trace-reader.ts';

/** A trace that was run through fleets, and how. */
export interface SimulatedTrace {
  readonly name: string;
  readonly reader: TraceReader;
  readonly fleets: readonly SimulatedFleet[];
  readonly maxEntries: number;
  /** What was asked for; it may not have had an effect, see the warnings. */
  readonly timeoutSeconds: number | null;
  readonly sample: number;
}

export interface SimulationReport {
  readonly verdict: Verdict;
  readonly exhibits: Exhibit[];
  readonly warnings: Warning[];
}

/** What a person should see of a simulated trace. */
export function simulationReport(trace: SimulatedTrace): SimulationReport {
  return {
    verdict: { sentence: advice(trace) + sampleNote(trace), agreement: 'not judged', findings: [] },
    exhibits: [
      hitRateCurves(trace),
      originBars(trace),
      ...capacityCurves(trace),
      fleetTable(trace),
      traceTable(trace),
    ],
    warnings: warningsFor(trace),
  };
}

/** The fleets that have the capacity that was asked for. */
export function askedFleets({ fleets, maxEntries }: SimulatedTrace): SimulatedFleet[] {
  return fleets.filter((fleet) => fleet.shared || fleet.maxEntries === maxEntries);
}

/** Hits per request of the whole trace, 0…1. */
export function simulatedHitRate({ reader }: SimulatedTrace, fleet: SimulatedFleet): number {
  return Math.max(0, 1 - fleet.misses / reader.requests);
}

/** Questions to the database per second; `null` for a trace without times. */
export function originRate({ reader }: SimulatedTrace, { misses }: SimulatedFleet): number | null {
  return reader.hasTimes && reader.durationSeconds > 0 ? misses / reader.durationSeconds : null;
}

/** The result in one sentence, with its figures and what to do about it. */
function advice(trace: SimulatedTrace): string {
  const { reader, maxEntries } = trace;
  const asked = askedFleets(trace);
  const separate = asked.filter((fleet) => !fleet.shared).at(-1);
  const shared = asked.filter((fleet) => fleet.shared).at(-1);
  const one = (fleet: SimulatedFleet) =>
    `${percent(simulatedHitRate(trace, fleet))} hits, ${count(fleet.misses)} of ${count(reader.requests)} requests to the database`;
  if (!separate)
    return `One shared cache of ${count(shared!.maxEntries)} entries: ${one(shared!)}.`;
  const fleet = `${workerCount(separate.workers)} of ${count(maxEntries)} entries`;
  if (!shared || separate.workers === 1) return `${fleet}: ${one(separate)}.`;
  const times = separate.misses / shared.misses;
  if (times < 1.05) {
    return `With ${fleet} this traffic would ask the database as often as with one shared cache of ${count(shared.maxEntries)} (${one(separate)}): nothing is to be gained by sharing.`;
  }
  return (
    `With ${fleet} this traffic would ask the database ${figure(times)} times as often as with one shared cache of ` +
    `${count(shared.maxEntries)} (${count(separate.misses)} against ${count(shared.misses)} times in ${count(reader.requests)} requests). ` +
    memoryAdvice(trace, separate.workers, shared)
  );
}

function sampleNote({ sample }: SimulatedTrace): string {
  return sample < 1 ? ` Estimated from ${figure(100 * sample)} % of the keys.` : '';
}

/** What it would take to do as well without sharing. */
function memoryAdvice(trace: SimulatedTrace, workers: number, shared: SimulatedFleet): string {
  const curve = trace.fleets.filter((fleet) => !fleet.shared && fleet.workers === workers);
  const enough = curve.find((fleet) => fleet.misses <= shared.misses);
  if (enough) {
    return `To ask as seldom, each worker would need some ${count(enough.maxEntries)} entries of its own.`;
  }
  const largest = curve.at(-1)!;
  if (largest.maxEntries === trace.maxEntries) return 'Share the cache, or route requests by key.';
  return `Even ${count(largest.maxEntries)} entries in each worker would not make up for it: share the cache, or route requests by key.`;
}

function hitRateCurves(trace: SimulatedTrace): Exhibit {
  const series = (name: string, shared: boolean) => ({
    name,
    role: COMPUTED,
    points: askedFleets(trace)
      .filter((fleet) => fleet.shared === shared)
      .map((fleet): [number, number] => [
        fleet.workers,
        rounded(100 * simulatedHitRate(trace, fleet)),
      ]),
  });
  return {
    kind: 'lines',
    id: 'hit-rate-by-workers',
    title: 'Hit rate against the number of workers',
    caption:
      'The same requests in the same order, through caches of each worker and through one that all workers share.',
    x: { label: 'workers', unit: '' },
    y: { label: 'hit rate', unit: '%' },
    series: [
      series(`${count(trace.maxEntries)} entries in each worker`, false),
      series(`one shared cache of N × ${count(trace.maxEntries)}`, true),
    ].filter(({ points }) => points.length > 0),
    events: [],
  };
}

function originBars(trace: SimulatedTrace): Exhibit {
  const asked = askedFleets(trace);
  const workers = [...new Set(asked.map((fleet) => fleet.workers))];
  const timed = asked.every((fleet) => originRate(trace, fleet) !== null);
  const value = (fleet: SimulatedFleet | undefined) =>
    fleet ? rounded(originRate(trace, fleet) ?? fleet.misses) : null;
  const series = (name: string, shared: boolean) => ({
    name,
    role: COMPUTED,
    values: workers.map((n) =>
      value(asked.find((fleet) => fleet.workers === n && fleet.shared === shared)),
    ),
  });
  return {
    kind: 'bars',
    id: 'origin-queries',
    title: 'Questions to the database',
    caption: timed
      ? 'Misses per second, on average over the time of the trace.'
      : 'Misses in the whole trace; it has no times.',
    categories: workers.map(workerCount),
    y: { label: 'origin queries', unit: timed ? 'per second' : '' },
    series: [
      series(`${count(trace.maxEntries)} entries in each worker`, false),
      series(`one shared cache of N × ${count(trace.maxEntries)}`, true),
    ].filter(({ values }) => values.some((one) => one !== null)),
  };
}

/** The miss-ratio curve, told as hit rates: what more memory in each worker would bring. */
function capacityCurves(trace: SimulatedTrace): Exhibit[] {
  const separate = trace.fleets.filter((fleet) => !fleet.shared);
  const series = [...Map.groupBy(separate, (fleet) => fleet.workers)]
    .filter(([, fleets]) => fleets.length > 1)
    .map(([workers, fleets]) => ({
      name: workerCount(workers),
      role: COMPUTED,
      points: fleets.map((fleet): [number, number] => [
        fleet.maxEntries,
        rounded(100 * simulatedHitRate(trace, fleet)),
      ]),
    }));
  if (series.length === 0) return [];
  return [
    {
      kind: 'lines',
      id: 'hit-rate-by-capacity',
      title: 'Hit rate against the entries of each worker',
      caption: 'What larger or smaller caches in every worker would do with this traffic.',
      x: { label: 'entries in each worker', unit: '' },
      y: { label: 'hit rate', unit: '%' },
      series,
      events: [],
    },
  ];
}

function fleetTable(trace: SimulatedTrace): Exhibit {
  const sampled = trace.sample < 1;
  return {
    kind: 'table',
    id: 'fleets',
    title: 'All figures',
    caption: sampled
      ? 'The error is twice the standard error by which keys are in the sample: 95 of 100 samples lie that near.'
      : 'Every request of the trace was simulated.',
    columns: [
      'workers',
      'cache',
      'entries',
      'hit rate, %',
      'misses',
      'origin queries per second',
      ...(sampled ? ['error of the hit rate, points'] : []),
    ],
    rows: trace.fleets.map((fleet) => [
      fleet.workers,
      fleet.shared ? 'one, shared' : 'one each',
      fleet.maxEntries,
      rounded(100 * simulatedHitRate(trace, fleet)),
      fleet.misses,
      roundedOrNull(originRate(trace, fleet)),
      ...(sampled ? [rounded(errorPoints(trace, fleet))] : []),
    ]),
  };
}

/** Twice the standard error of the hit rate, in points. */
export function errorPoints({ reader }: SimulatedTrace, fleet: SimulatedFleet): number {
  return (200 * fleet.standardError) / reader.requests;
}

function traceTable({ name, reader, sample }: SimulatedTrace): Exhibit {
  const rows: (string | number | null)[][] = [
    ['trace', name],
    ['format', reader.format ?? null],
    ['lines', reader.lines],
    ['requests', reader.requests],
    ...(sample < 1 ? [['requests in the sample', reader.sampled]] : []),
    [sample < 1 ? 'different keys in the sample' : 'different keys', reader.table.size],
    ['seconds from first to last', reader.hasTimes ? rounded(reader.durationSeconds) : null],
    ...[...reader.malformed.values()].map(({ reason, count, firstLine }) => [
      `lines left out: ${reason} (first: line ${firstLine})`,
      count,
    ]),
  ];
  return {
    kind: 'table',
    id: 'trace',
    title: 'The trace',
    caption: 'What was read, and what could not be.',
    columns: ['what', 'value'],
    rows,
  };
}

/** A sampled cache with fewer entries than this is too coarse a picture of the real one. */
const COARSE_ENTRIES = 50;

function warningsFor(trace: SimulatedTrace): Warning[] {
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
      `The time runs backwards in ${lineCount(reader.backwards)}, by ${figure(reader.largestStepBackSeconds)} s at most. Such a line counts as happening with the one before.`,
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
      `Use --sample ${figure(Math.min(1, COARSE_ENTRIES / maxEntries))} or more.`,
    );
  }
  return warnings;
}

/** Where all is computed, nothing stands beside a measurement: series are drawn as the figure's own. */
const COMPUTED = 'measured' as const;
const rounded = (value: number) => Number(value.toFixed(3));
const roundedOrNull = (value: number | null) => (value === null ? null : rounded(value));
const lineCount = (lines: number) => (lines === 1 ? '1 line' : `${count(lines)} lines`);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const count = (value: number) => value.toLocaleString('en-US');
const workerCount = (workers: number) => (workers === 1 ? '1 worker' : `${count(workers)} workers`);
const figure = (value: number) =>
  value >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(2)));
