import type { RunRecord } from '../../record.ts';
import type { Figure } from '../figure.ts';
import { hitRateFigures } from './hit-rate.ts';
import { latencyFigures } from './latency.ts';
import { loadFigures, originFigure } from './load.ts';
import { missesFigure } from './misses.ts';
import { overTheRunFigures } from './over-the-run.ts';

/** The figures that every report has, in reading order. A new one is a file and a line here. */
export function figuresOf(record: RunRecord): Figure[] {
  if (record.arms.length === 0) return [];
  return [
    ...hitRateFigures(record),
    ...overTheRunFigures(record),
    missesFigure(record),
    originFigure(record),
    ...loadFigures(record),
    ...latencyFigures(record),
  ];
}
