/** Marks of the strip, by the trace's outcome index (see OUTCOMES in the record); then the extra. */
export const STRIP_MARKS = ['hit', 'cold', 'expired', 'evicted', 'error', 'avoidable'] as const;
export type StripMark = (typeof STRIP_MARKS)[number];
