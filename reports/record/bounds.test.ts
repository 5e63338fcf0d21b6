import { expect, test } from 'vitest';
import { RunRecord } from './schema.ts';

/** Every schema of a number in a schema, by its path. */
function* numbersIn(schema: unknown, path = ''): Generator<[string, object]> {
  if (typeof schema !== 'object' || schema === null) return;
  const { type } = schema as { type?: unknown };
  if (type === 'number' || type === 'integer') yield [path, schema];
  for (const [key, inside] of Object.entries(schema)) yield* numbersIn(inside, `${path}/${key}`);
}

test('every number of a record has bounds', () => {
  const unbounded = [...numbersIn(RunRecord)]
    .filter(([, one]) => !('const' in one || ('minimum' in one && 'maximum' in one)))
    .map(([path]) => path);
  expect([...numbersIn(RunRecord)].length).toBeGreaterThan(100);
  expect(unbounded).toEqual([]);
});
