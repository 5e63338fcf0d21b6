import { expect, test } from 'vitest';
import type { LabResponse, TrafficResponse } from '../kit/contract.ts';
import { ReadWatch } from './reads.ts';

const read = (slot: number, time: string, version: number): TrafficResponse => ({
  ...{ key: 0, status: 200, slot, outcome: 'hit', latencyMicros: 1, arrivedMillis: 1 },
  headers: { 'x-cache-time': time },
  body: JSON.stringify({ version }),
});

test('notes who read which version when, and what was stored on the way', () => {
  const watch = new ReadWatch();
  watch.copied({ slot: 3, headers: { 'x-cache-time': '0.5;stored=0.75' }, body: { version: 1 } });
  watch.copied({ slot: 4, headers: {}, body: null });
  watch.see(read(1, '1.5', 1));
  watch.see(read(2, '1.75;stored=1.8', 2));
  expect(watch.reads).toEqual({
    atSeconds: [1.5, 1.75],
    slot: [1, 2],
    version: [1, 2],
    copies: [
      { slot: 3, atSeconds: 0.75, version: 1 },
      { slot: 2, atSeconds: 1.8, version: 2 },
    ],
    update: null,
  });
});

test('notes when the worker of the update dropped its copy', () => {
  const watch = new ReadWatch();
  const { body: _, ...answer } = read(1, '1.6', 2);
  watch.updated({ ...answer, pid: 4711, body: { version: 2 } } satisfies LabResponse);
  expect(watch.reads.update).toEqual({ slot: 1, atSeconds: 1.6, version: 2 });
});

test('a worker that does not tell the time is not taken for one at zero', () => {
  const watch = new ReadWatch();
  watch.see({ ...read(1, '', 1), headers: {} });
  expect(watch.reads.atSeconds).toEqual([Number.NaN]);
});
