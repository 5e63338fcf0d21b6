import type { Arm, Exhibit, Phase, RunRecord } from './schema.ts';
import { OUTCOMES } from './vocabulary.ts';

/** What a record says that cannot be, and where. */
export interface Contradiction {
  /** A JSON pointer. */
  readonly path: string;
  /** What follows "it": `must be less than 4`. */
  readonly what: string;
}

/**
 * The first thing that the record's parts say against each other: columns of different length, an
 * index of nothing, a name that is there twice. A schema sees each part alone. `null`: none.
 */
export function contradictionIn({ arms, exhibits }: RunRecord): Contradiction | null {
  for (const found of contradictions(arms, exhibits)) if (found) return found;
  return null;
}

type Found = Contradiction | null;

function* contradictions(arms: readonly Arm[], exhibits: readonly Exhibit[]): Generator<Found> {
  yield repeated('/arms', 'name', arms);
  yield repeated('/exhibits', 'id', exhibits);
  for (const [i, arm] of arms.entries()) {
    yield repeated(`/arms/${i}/phases`, 'name', arm.phases);
    for (const [j, phase] of arm.phases.entries()) yield* ofPhase(`/arms/${i}/phases/${j}`, phase);
  }
  for (const [i, exhibit] of exhibits.entries()) yield* ofExhibit(`/exhibits/${i}`, exhibit);
}

function* ofPhase(at: string, { workers, bins, trace, residency }: Phase): Generator<Found> {
  for (const [i, { hitLatency, missLatency }] of workers.entries()) {
    for (const [name, { upToMicros, counts }] of Object.entries({ hitLatency, missLatency })) {
      yield uneven(`${at}/workers/${i}/${name}`, { upToMicros, counts });
    }
  }
  for (const [i, { slot: _, ...counts }] of bins.workers.entries()) {
    yield uneven(`${at}/bins/workers/${i}`, counts);
    yield uneven(`${at}/bins/workers`, [bins.workers[0]!.requests, counts.requests]);
  }
  if (trace) {
    const { keys, ranks, key, slot, outcome, avoidable } = trace;
    yield uneven(`${at}/trace`, { keys, ranks });
    yield uneven(`${at}/trace`, { key, slot, outcome });
    if (avoidable.length > 0) yield uneven(`${at}/trace`, { key, avoidable });
    yield beyond(`${at}/trace/key`, key, keys.length);
    yield beyond(`${at}/trace/outcome`, outcome, OUTCOMES.length);
  }
  if (residency) {
    const { keys, changes, final } = residency;
    yield uneven(`${at}/residency/changes`, changes);
    yield beyond(`${at}/residency/changes/key`, changes.key, keys.length);
    for (const [i, one] of final.entries()) {
      yield beyond(`${at}/residency/final/${i}/keys`, one.keys, keys.length);
    }
  }
}

function* ofExhibit(at: string, exhibit: Exhibit): Generator<Found> {
  if (exhibit.kind === 'bars') {
    const { categories, series } = exhibit;
    for (const [i, { values }] of series.entries()) {
      yield uneven(`${at}/series/${i}`, { categories, values });
    }
  }
  if (exhibit.kind === 'table') {
    const { columns, rows } = exhibit;
    for (const [i, row] of rows.entries()) yield uneven(`${at}/rows/${i}`, { columns, row });
  }
}

/** Columns that belong together. */
function uneven(
  path: string,
  columns: Readonly<Record<string, readonly unknown[]>> | object,
): Found {
  const lengths = new Set(Object.values(columns).map(({ length }: readonly unknown[]) => length));
  if (lengths.size === 1) return null;
  const names = Array.isArray(columns) ? 'its rows' : Object.keys(columns).join(', ');
  return { path, what: `must have equally many in ${names}` };
}

/** Indices into a list of that length. */
function beyond(path: string, indices: readonly number[], length: number): Found {
  const at = indices.findIndex((index) => index >= length);
  return at < 0 ? null : { path: `${path}/${at}`, what: `must be less than ${length}` };
}

function repeated<Key extends string>(
  path: string,
  key: Key,
  items: readonly Readonly<Record<Key, string>>[],
): Found {
  const at = items.findIndex((one, i) => items.findIndex((two) => two[key] === one[key]) < i);
  return at < 0 ? null : { path: `${path}/${at}/${key}`, what: 'must not be there twice' };
}
