import { expect, test } from 'vitest';
import { distinctArm, distinctPhase } from '../record/fixtures/distinct-figures.ts';
import type { Phase } from '../record/schema.ts';
import { fleetBins, slotsOf, stretchOf, workerBins } from './bins.ts';

/** Each worker's hits by bin; of each bin 10 lookups missed cold, 100 expired and 1,000 evicted. */
function phaseOf(requestsPerBin: number, requests: number, hits: Record<number, number[]>): Phase {
  const phase = distinctPhase('traffic', 0);
  const workers = Object.entries(hits).map(([slot, counts]) => {
    const all = (count: number) => counts.map(() => count);
    return {
      ...{ slot: Number(slot), requests: all(7), hits: counts },
      ...{ cold: all(10), expired: all(100), evicted: all(1_000) },
    };
  });
  return {
    ...phase,
    totals: { ...phase.totals, requests },
    bins: { requestsPerBin, workers },
  };
}
const arm = distinctArm('a', [
  phaseOf(10, 35, { 2: [1, 2, 3, 4], 1: [50, 60, 70, 80] }),
  phaseOf(5, 12, { 10: [1, 1, 1], 2: [2, 4, 6] }),
]);

test('stretches add up whole bins, and a phase begins a stretch of its own', () => {
  expect(fleetBins(arm, 20)).toEqual([
    { end: 20, hits: 113, lookups: 113 + 4_440 },
    { end: 35, hits: 157, lookups: 157 + 4_440 },
    { end: 47, hits: 15, lookups: 15 + 6_660 },
  ]);
  expect(fleetBins(distinctArm('no bins', [phaseOf(10, 35, {})]), 20)).toEqual([]);
});

test('a stretch is at least a bin, and else the nearest number of them', () => {
  const ends = (stretch: number) => fleetBins(arm, stretch).map(({ end }) => end);
  expect(ends(3)).toEqual([10, 20, 30, 35, 40, 45, 47]);
  expect(ends(14)).toEqual([10, 20, 30, 35, 47]);
  expect(ends(16)).toEqual([20, 35, 47]);
});

test('of one worker they are its own, also where it was asked nothing', () => {
  expect(workerBins(arm, 10, 20)).toEqual([
    { end: 20, hits: 0, lookups: 0 },
    { end: 35, hits: 0, lookups: 0 },
    { end: 47, hits: 3, lookups: 3 + 3_330 },
  ]);
  expect(workerBins(arm, 1, 20).map(({ hits }) => hits)).toEqual([110, 150, 0]);
});

test('the workers of all phases are in the order of their numbers', () => {
  expect(slotsOf(distinctArm('b', arm.phases.toReversed()))).toEqual([1, 2, 10]);
});

test('a stretch is as long as fifty lookups for each line, or a tenth of the longest phase', () => {
  const of = (requestsPerBin: number, ...requests: number[]) =>
    distinctArm(
      'a',
      requests.map((each) => phaseOf(requestsPerBin, each, {})),
    );
  expect(stretchOf(of(1, 100_000), 1)).toBe(50);
  expect(stretchOf(of(1, 100_000), 4)).toBe(200);
  expect(stretchOf(of(1, 120), 4)).toBe(12);
  expect(stretchOf(of(1, 120, 300, 50), 4)).toBe(30);
  expect(stretchOf(of(40, 100_000), 1)).toBe(80);
  expect(stretchOf(arm, 1)).toBe(10);
  expect(stretchOf(of(1), 1)).toBe(1);
});
