import { expect, test } from 'vitest';
import { seriesColour, workerColour, workerDash } from './figure.ts';

test('a worker has the same colour everywhere, and neighbours differ in their dashes too', () => {
  expect([1, 2, 8, 9, 10].map((slot) => `${workerColour(slot)} ${workerDash(slot)}`)).toEqual([
    ...['worker-1 solid', 'worker-2 dashed', 'worker-8 dash-dot'],
    ...['worker-1 solid', 'worker-2 dashed'],
  ]);
  expect([3, 4, 5].map(workerDash)).toEqual(['dotted', 'dash-dot', 'solid']);
});

test('series have colours that no worker has, and repeat them in the end', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map(seriesColour)).toEqual([
    ...['accent', 'origin', 'hit', 'evicted', 'cold', 'expired', 'accent'],
  ]);
});
