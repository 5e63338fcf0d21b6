import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../console/errors.ts';
import { GUIDE_SAMPLES } from '../fixtures/guide.ts';
import { read } from './fixtures/read.ts';

const lines = [...GUIDE_SAMPLES.values()].flatMap((text) => text.trim().split('\n'));
const damaged = fc
  .tuple(fc.constantFrom(...lines), fc.nat(), fc.string({ maxLength: 3 }), fc.nat(5))
  .map(([line, at, put, cut]) => {
    const place = at % (line.length + 1);
    return line.slice(0, place) + put + line.slice(place + cut);
  });
const line = fc.oneof(fc.constantFrom(...lines), damaged, fc.string());
const trace = fc.tuple(
  fc.oneof(fc.constantFrom(...GUIDE_SAMPLES.values()), fc.constant('')),
  fc.array(line, { maxLength: 30 }),
);

test('every line is a request, left out and counted, or the trace is refused with exit code 2', async () => {
  await fc.assert(
    fc.asyncProperty(trace, fc.integer({ min: 1, max: 400 }), async ([sample, more], piece) => {
      const text = sample + more.join('\n');
      const whole = await read(text, {}, 100_000).catch((error: unknown) => error);
      if (whole instanceof Error) {
        expect(whole).toBeInstanceOf(UsageError);
        expect(whole.message.length).toBeLessThan(700);
        return;
      }
      const { reader, keys, seconds } = whole as Awaited<ReturnType<typeof read>>;
      const malformed = [...reader.malformed.values()].reduce((sum, { count }) => sum + count, 0);
      const header = reader.format === 'csv' ? 1 : 0;
      const counted = header + reader.requests + malformed + reader.leftOut.requests;
      // Redis has lines with several keys; it and W3C have lines that are no requests.
      if (reader.format !== 'redis' && reader.format !== 'w3c') expect(counted).toBe(reader.lines);
      expect(keys).toHaveLength(reader.requests);
      expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
      const pieces = await read(text, {}, piece);
      expect([pieces.keys, pieces.seconds]).toEqual([keys, seconds]);
    }),
    { seed: 1, numRuns: 300 },
  );
});
