import type { Arm, Finding } from '../../reports/record/schema.ts';
import type { DocumentsWeight } from '../../server/protocol.ts';
import { count, counted, exactly, finding } from '../kit/finding.ts';

/** A heap grows by more than its content: entries around it, code compiled meanwhile. Measured: 0.7 MiB. */
const HEAP_SHARE = 0.05;

const HEAP_BYTES_PER_WORKER = 512 * 1024;

/** One worker before and after its caches were filled. */
export interface Weighed {
  readonly slot: number;
  readonly before: DocumentsWeight;
  readonly after: DocumentsWeight;
}

/** Entries and bytes of all workers, held against N times the content. */
export function findings(arm: Arm): Finding[] {
  const totals = arm.phases[0]?.totals;
  const { keys } = arm.workload;
  const inArm = `with ${counted(arm.workers, 'worker')}`;
  const content = sum(weighedOf(arm).map(({ after }) => after.contentBytes));
  const around = content * HEAP_SHARE + arm.workers * HEAP_BYTES_PER_WORKER;
  return [
    finding({
      claim: 'C4',
      what: `users' pages held in all workers together, ${inArm}`,
      unit: 'entries',
      expected: exactly(arm.workers * keys, 'each process holds a copy of its own'),
      measured: totals?.entries ?? null,
    }),
    finding({
      claim: 'C4',
      what: `duplication factor, ${inArm}`,
      unit: 'copies',
      expected: exactly(arm.workers, 'entries in all workers by distinct entries'),
      measured: totals?.duplicationFactor ?? null,
    }),
    finding({
      claim: 'C2',
      what: `growth of the heaps of all workers, ${inArm}`,
      unit: 'MiB',
      expected: {
        value: mebibytes(content),
        low: mebibytes(content - around),
        high: mebibytes(content + around),
        interval: '5 % and 0.5 MiB per worker either way, for what is not content',
        source: 'entries × bytes of each document, in the memory of each process',
      },
      measured: weighedOf(arm).length === 0 ? null : mebibytes(heapGrowth(arm)),
    }),
    finding({
      claim: 'C4',
      what: `resident memory of all workers at the end, ${inArm}`,
      unit: 'MiB',
      expected: null,
      measured: mebibytes(residentBytes(arm)),
    }),
  ];
}

/** The verdict in figures. */
export function sentence(arms: readonly Arm[]): string {
  const [one, many] = [arms[0], arms.at(-1)];
  if (!one || !many) return 'Nothing was measured.';
  const pages = count(one.workload.keys);
  const grown = (arm: Arm) => `${mebibytes(heapGrowth(arm)).toFixed(1)} MiB`;
  if (one === many)
    return `One worker holds ${pages} documents in ${grown(one)} of its own memory; give --workers 4 to see it multiplied.`;
  return (
    `The same ${pages} documents take ${grown(one)} in one worker and ${grown(many)} in ${many.workers}: ` +
    `${count(many.phases[0]?.totals.entries ?? 0)} entries for ${count(many.phases[0]?.totals.uniqueEntries ?? 0)} different pages. ` +
    `With the processes themselves the fleets take ${mebibytes(residentBytes(one)).toFixed(0)} and ${mebibytes(residentBytes(many)).toFixed(0)} MiB.`
  );
}

/** Each worker's weight, by slot. */
export const weighedOf = (arm: Arm) => (arm.observations.weighed ?? []) as Weighed[];

/** Bytes by which the heaps of all workers grew. */
export const heapGrowth = (arm: Arm) =>
  sum(weighedOf(arm).map(({ before, after }) => after.heapUsedBytes - before.heapUsedBytes));

/** Resident memory of all workers at the end. */
export const residentBytes = (arm: Arm) => sum(weighedOf(arm).map(({ after }) => after.rssBytes));

/** Bytes as MiB. */
export const mebibytes = (bytes: number) => bytes / 1024 ** 2;

/** The numbers added up. */
export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
