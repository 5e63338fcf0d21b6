import { expect, test } from 'vitest';
import { traceRouter } from './trace-routing.ts';

const route = (
  client: number[],
  seconds: number[],
  { workers = 1_000, idleSeconds = 10, parts = 1 } = {},
) => {
  const options = { routing: 'by-client', seed: 3, hashOf: () => 0, idleSeconds } as const;
  const router = traceRouter(options, workers);
  const size = Math.ceil(client.length / parts);
  return Array.from({ length: parts }, (_, part) => {
    const batch = (column: number[]) => column.slice(part * size, (part + 1) * size);
    return [
      ...router({
        keys: Uint32Array.from(batch(client)),
        client: Uint32Array.from(batch(client)),
        seconds: Float64Array.from(batch(seconds)),
      }),
    ];
  }).flat();
};

test('a client stays with its worker until it was idle for longer than connections live', () => {
  // With 1,000 workers two connections hardly meet at one.
  const [a, b, again, late, afterwards] = route([0, 1, 0, 0, 0], [0, 0, 10, 20.5, 30]);
  expect(a).not.toBe(b);
  expect(again).toBe(a);
  expect(late).not.toBe(a);
  expect(afterwards).toBe(late);
});

test('whether its requests come in one batch or in several', () => {
  const [clients, seconds] = [
    [0, 1, 0, 1, 2, 0],
    [0, 1, 2, 3, 4, 30],
  ];
  expect(route(clients, seconds, { parts: 3 })).toEqual(route(clients, seconds));
});

test('connections are spread over all workers', () => {
  const clients = Array.from({ length: 4_000 }, (_, i) => i);
  const counts = [0, 0, 0, 0];
  for (const worker of route(clients, clients, { workers: 4 })) counts[worker]!++;
  // Binomial: 1,000 ± 4 × 27.
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(110);
});
