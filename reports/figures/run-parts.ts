import { singleWorker } from '../record/arms.ts';
import type { Arm, Phase, RunRecord } from '../record/schema.ts';
import { lookupsOf } from '../record/tally.ts';

/** One phase of one arm: what a row or a group of bars stands for. */
export interface RunPart {
  /** The arm's name; with the phase's when the arm has several. Unique in the record. */
  readonly label: string;
  readonly arm: Arm;
  readonly phase: Phase;
}

/** All phases of all arms, in the order in which they ran. */
export function runParts(record: RunRecord): RunPart[] {
  return record.arms.flatMap((arm) =>
    arm.phases.map((phase) => ({ label: partLabel(arm, phase), arm, phase })),
  );
}

/** Parts that stand beside each other in one chart. */
export interface PartGroup {
  /** What a chart's title has after it: nothing, or the phase; and its id, likewise. */
  readonly suffix: { readonly title: string; readonly id: string };
  readonly parts: readonly RunPart[];
}

/** More bars than this have no room for names such as "4 × 75 entries · cold start". */
const MOST_BESIDE = 6;

/**
 * All parts that looked anything up; where they are too many for one chart, phase by phase, which
 * also keeps apart what cannot be compared.
 */
export function partGroups(record: RunRecord): PartGroup[] {
  const parts = runParts(record).filter(({ phase }) => lookupsOf(phase.totals) > 0);
  const phases = [...new Set(parts.map(({ phase }) => phase.name))];
  if (parts.length <= MOST_BESIDE || phases.length < 2) {
    return [{ suffix: { title: '', id: '' }, parts }];
  }
  return phases.map((name, index) => ({
    suffix: { title: ` · ${name}`, id: index === 0 ? '' : `-${index + 1}` },
    parts: parts
      .filter(({ phase }) => phase.name === name)
      .map((part) => ({ ...part, label: part.arm.name })),
  }));
}

/**
 * The arm that the others are held against: the first with one worker, else the first.
 * `null` in a record that has no arm yet.
 */
export function baselineArm(record: RunRecord): Arm | null {
  return singleWorker(record.arms) ?? record.arms[0] ?? null;
}

function partLabel(arm: Arm, phase: Phase): string {
  return arm.phases.length === 1 ? arm.name : `${arm.name} · ${phase.name}`;
}
