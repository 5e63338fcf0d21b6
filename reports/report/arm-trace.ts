import type { Arm } from '../record/schema.ts';

/** Marks of the strip, by the trace's outcome index (see OUTCOMES in the record); then the extra. */
export const STRIP_MARKS = ['hit', 'cold', 'expired', 'evicted', 'error', 'avoidable'] as const;
/** One of the marks. */
export type StripMark = (typeof STRIP_MARKS)[number];

/** Every response of an arm, phase after phase; columns of equal length. */
export interface ArmTrace {
  readonly slot: readonly number[];
  readonly outcome: readonly number[];
  /** 1 where another worker held the entry; 0 also where that is not known. */
  readonly avoidable: readonly number[];
}

/** `null` unless every phase of the arm has a trace. */
export function armTrace(arm: Arm): ArmTrace | null {
  const traces = arm.phases.map((phase) => phase.trace);
  if (traces.length === 0 || traces.some((trace) => trace === null)) return null;
  return {
    slot: traces.flatMap((trace) => trace!.slot),
    outcome: traces.flatMap((trace) => trace!.outcome),
    avoidable: traces.flatMap((trace) =>
      trace!.slot.map((_, index) => trace!.avoidable[index] ?? 0),
    ),
  };
}
