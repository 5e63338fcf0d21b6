import { counted, inWords } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import type { ColumnOf } from '../../reports/record/table.ts';
import { lines } from '../../scenarios/kit/exhibits.ts';
import type { SimulatedFleet } from './simulate.ts';
import {
  askedFleets,
  type LookupTimes,
  placesOf,
  type SimulatedTrace,
  simulatedHitRate,
} from './simulated-trace.ts';

/** From how many workers on sharing is faster, of those simulated; nothing where times were not given. */
export function latencySentence(trace: SimulatedTrace): string {
  const { lookups } = trace;
  if (!lookups) return '';
  const asked = askedFleets(trace);
  const pays = asked.find((shared) => {
    const own = asked.find((fleet) => !fleet.shared && fleet.workers === shared.workers);
    return (
      shared.shared && own && meanMillis(trace, shared, lookups) < meanMillis(trace, own, lookups)
    );
  });
  const times = `${lookups.hit} ms for a hit, ${lookups.miss} ms for a miss and ${lookups.shared} ms to the shared cache`;
  const most = Math.max(...asked.map(({ workers }) => workers));
  return pays
    ? ` With ${times}, a shared cache answers sooner from ${counted(pays.workers, 'worker')} on (${inWords(meanMillis(trace, pays, lookups), 'number')} ms on average).`
    : ` With ${times}, caches of their own answer sooner up to ${counted(most, 'worker')}.`;
}

/** On average: the lookup, and the database after a miss. */
function meanMillis(trace: SimulatedTrace, fleet: SimulatedFleet, times: LookupTimes): number {
  return (
    (fleet.shared ? times.shared : times.hit) + (1 - simulatedHitRate(trace, fleet)) * times.miss
  );
}

export function latencyColumns(trace: SimulatedTrace): ColumnOf<SimulatedFleet>[] {
  const { lookups } = trace;
  return lookups ? [['mean ms', (fleet) => meanMillis(trace, fleet, lookups), 'number']] : [];
}

export function latencyCurves(trace: SimulatedTrace): Exhibit[] {
  const { lookups } = trace;
  if (!lookups) return [];
  return [
    lines({
      id: 'latency-by-workers',
      title: 'Mean time of a lookup against the number of workers',
      caption:
        'A shared cache pays where its line is the lower one: each lookup takes the way to it, and fewer ask the database.',
      x: { label: 'workers', format: 'count' },
      y: { label: 'milliseconds', format: 'number' },
      series: placesOf(trace).map(({ name, fleets }) => ({
        name,
        role: 'computed',
        points: fleets.map((fleet) => [fleet.workers, meanMillis(trace, fleet, lookups)]),
      })),
    }),
  ];
}
