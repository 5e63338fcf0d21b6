import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import type { Exhibit, RunRecord } from '../../reports/record/schema.ts';
import type { ColumnOf } from '../../reports/record/table.ts';
import { bars, lines, table } from '../../scenarios/kit/exhibits.ts';
import { latencyColumns, latencyCurves, latencySentence } from './mean-latency.ts';
import type { SimulatedFleet } from './simulate.ts';
import { askedFleets, placesOf, type SimulatedTrace, simulatedHitRate } from './simulated-trace.ts';
import { traceTable, warningsFor } from './trace-report.ts';

/** What a person should see of a simulated trace. */
export function simulationReport(
  trace: SimulatedTrace,
): Pick<RunRecord, 'verdict' | 'exhibits' | 'warnings'> {
  return {
    verdict: {
      sentence: advice(trace) + latencySentence(trace) + sampleNote(trace),
      agreement: 'not judged',
      findings: [],
    },
    exhibits: [
      hitRateCurves(trace),
      originBars(trace),
      ...latencyCurves(trace),
      ...capacityCurves(trace),
      fleetTable(trace),
      traceTable(trace),
    ],
    warnings: warningsFor(trace),
  };
}

/** Questions to the database per second; `null` for a trace without times. */
function originRate({ reader }: SimulatedTrace, { misses }: SimulatedFleet): number | null {
  return reader.hasTimes && reader.durationSeconds > 0 ? misses / reader.durationSeconds : null;
}

/** The result in one sentence, with its figures and what to do about it. */
function advice(trace: SimulatedTrace): string {
  const { reader, maxEntries } = trace;
  const doubtful = doubt(trace);
  if (doubtful !== null) {
    return `${doubtful}, as in a misread trace, so there is no advice. The first key is “${reader.firstKey}”: is that right? Set the key with --key-from or --key-field.`;
  }
  const asked = askedFleets(trace);
  const separate = asked.filter((fleet) => !fleet.shared).at(-1);
  const shared = asked.filter((fleet) => fleet.shared).at(-1);
  const one = (fleet: SimulatedFleet) =>
    `${percent(simulatedHitRate(trace, fleet))} hits, ${count(fleet.misses)} of ${count(reader.requests)} requests to the database`;
  if (!separate)
    return `One shared cache of ${count(shared!.maxEntries)} entries: ${one(shared!)}.`;
  const fleet = `${counted(separate.workers, 'worker')} of ${count(maxEntries)} entries`;
  if (!shared || separate.workers === 1) return `${fleet}: ${one(separate)}.`;
  const times = separate.misses / shared.misses;
  if (times < 1.05) {
    return `With ${fleet} this traffic would query the database as often as with one shared cache of ${count(shared.maxEntries)} (${one(separate)}): sharing gains nothing.`;
  }
  return (
    `With ${fleet} this traffic would query the database ${inWords(times, 'number')} times as often as with one shared cache of ` +
    `${count(shared.maxEntries)} (${count(separate.misses)} against ${count(shared.misses)} times in ${count(reader.requests)} requests). ` +
    memoryAdvice(trace, separate.workers, shared)
  );
}

/** What was seen, where a trace that is read wrongly would look the same; `null`: it looks well. */
function doubt({ reader, fleets }: SimulatedTrace): string | null {
  const { table, sampled, requests } = reader;
  if (reader.keysHardlyRepeat) {
    return `Hardly any key came twice: ${counted(table.size, 'distinct key')} in ${counted(sampled, 'request')}`;
  }
  if (table.size === 1) return `All ${counted(sampled, 'request')} have the same key`;
  if (fleets.some(({ misses }) => misses < requests)) return null;
  return `Not one of ${counted(requests, 'request')} hits in any of these caches`;
}

function sampleNote({ sample }: SimulatedTrace): string {
  return sample < 1 ? ` Estimated from ${inWords(100 * sample, 'number')} % of the keys.` : '';
}

/** What it would take to do as well without sharing. */
function memoryAdvice(trace: SimulatedTrace, workers: number, shared: SimulatedFleet): string {
  const curve = trace.fleets.filter((fleet) => !fleet.shared && fleet.workers === workers);
  const enough = curve.find((fleet) => fleet.misses <= shared.misses);
  if (enough) {
    return `To query as seldom, each worker would need about ${count(enough.maxEntries)} entries of its own.`;
  }
  const largest = curve.at(-1)!;
  if (largest.maxEntries === trace.maxEntries) return 'Share the cache, or route requests by key.';
  return `Even ${count(largest.maxEntries)} entries in each worker would not be enough: share the cache, or route requests by key.`;
}

function hitRateCurves(trace: SimulatedTrace): Exhibit {
  return lines({
    id: 'hit-rate-by-workers',
    title: 'Hit rate against the number of workers',
    caption:
      'The same requests in the same order, through a cache in each worker and through one that all workers share.',
    x: { label: 'workers', format: 'count' },
    y: { label: 'hit rate', format: 'percent' },
    series: placesOf(trace).map(({ name, fleets }) => ({
      name,
      role: 'computed',
      points: fleets.map((fleet) => [fleet.workers, simulatedHitRate(trace, fleet)]),
    })),
  });
}

function originBars(trace: SimulatedTrace): Exhibit {
  const asked = askedFleets(trace);
  const timed = asked.every((fleet) => originRate(trace, fleet) !== null);
  const sizes = [...new Set(asked.map(({ workers }) => workers))].map((workers) => ({
    workers,
    name: counted(workers, 'worker'),
  }));
  return bars(sizes, {
    id: 'origin-queries',
    title: 'Queries to the database',
    caption: timed
      ? 'Misses per second, on average over the time of the trace.'
      : 'Misses in the whole trace; it has no times.',
    y: timed
      ? { label: 'origin queries per second', format: 'number' }
      : { label: 'origin queries', format: 'count' },
    series: placesOf(trace).map(({ name, fleets }) => ({
      name,
      role: 'computed',
      of({ workers }) {
        const fleet = fleets.find((one) => one.workers === workers);
        return fleet ? (originRate(trace, fleet) ?? fleet.misses) : null;
      },
    })),
  });
}

/** The miss-ratio curve, told as hit rates: what more memory in each worker would bring. */
function capacityCurves(trace: SimulatedTrace): Exhibit[] {
  const separate = trace.fleets.filter(({ shared }) => !shared);
  const series = [...Map.groupBy(separate, ({ workers }) => workers)]
    .filter(([, fleets]) => fleets.length > 1)
    .map(([workers, fleets]) => ({
      name: counted(workers, 'worker'),
      role: 'computed' as const,
      points: fleets.map(
        (fleet) => [fleet.maxEntries, simulatedHitRate(trace, fleet)] as [number, number],
      ),
    }));
  if (series.length === 0) return [];
  return [
    lines({
      id: 'hit-rate-by-capacity',
      title: 'Hit rate against the entries of each worker',
      caption: 'What larger or smaller caches in every worker would do with this traffic.',
      x: { label: 'entries in each worker', format: 'count', scale: 'logarithmic' },
      y: { label: 'hit rate', format: 'percent' },
      series,
    }),
  ];
}

/** What is told of each fleet, in the report and in the terminal. */
export function columnsOf(trace: SimulatedTrace): ColumnOf<SimulatedFleet>[] {
  const columns: ColumnOf<SimulatedFleet>[] = [
    ['workers', ({ workers }) => workers, 'count'],
    ['cache', ({ shared }) => (shared ? 'one, shared' : 'one each')],
    ['entries', ({ maxEntries }) => maxEntries, 'count'],
    ['hit rate', (fleet) => simulatedHitRate(trace, fleet), 'percent'],
    ['misses', ({ misses }) => misses, 'count'],
    ['origin queries/s', (fleet) => originRate(trace, fleet), 'number'],
  ];
  columns.push(...latencyColumns(trace));
  if (trace.fleets.some(({ staleReads }) => staleReads > 0)) {
    columns.push(['stale reads', ({ staleReads }) => staleReads, 'count']);
  }
  // Twice the standard error.
  const points = (fleet: SimulatedFleet) => (200 * fleet.standardError) / trace.reader.requests;
  if (trace.sample < 1) columns.push(['± points of hit rate', points, 'number']);
  return columns;
}

function fleetTable(trace: SimulatedTrace): Exhibit {
  return table(trace.fleets, {
    id: 'fleets',
    title: 'All figures',
    caption:
      trace.sample < 1
        ? 'The error is twice the standard error by which keys are in the sample: 95 of 100 samples lie that near.'
        : 'Every request of the trace was simulated.',
    columns: columnsOf(trace),
  });
}
