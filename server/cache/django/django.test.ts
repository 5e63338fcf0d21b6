import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DJANGO, findPython } from '../../django/python.ts';
import { portabilityFault } from '../key.ts';
import { CASES } from './cases.ts';
import { mustNotDiverge } from './compare.ts';
import { DjangoOracle } from './oracle.ts';
import { searchForDivergence } from './search.ts';

const OPERATIONS = 20_000;
const search = findPython([DJANGO]);

if ('python' in search) describe('against the real Django', () => compareWith(search.python));
else if (process.env.CI) {
  it('is compared with the real Django', () => expect.fail(search.missing));
} else {
  process.stderr.write(
    `The comparison with the real Django is skipped. ${search.missing} ${search.remedy}\n`,
  );
  it.skip(`is compared with the real Django (skipped: ${search.missing})`);
}

function compareWith(python: string): void {
  let oracle: DjangoOracle;
  beforeAll(async () => {
    // Many keys here are of the kind that is warned about; those have a test of their own.
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    oracle = new DjangoOracle(python);
    await oracle.version;
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await oracle.stop();
  });

  it.each(Object.entries(CASES))('%s', async (_name, sequence) => {
    await mustNotDiverge(oracle, sequence);
  });

  it('does the same in any sequence of operations', async () => {
    const seed = fc.sample(fc.integer(), 1)[0]!;
    const operations = await searchForDivergence({ oracle, operations: OPERATIONS, seed });
    expect(operations).toBeGreaterThanOrEqual(OPERATIONS);
  });

  it('sees a difference where there is one', async () => {
    const sequence = { ...Object.values(CASES)[0]!, start: 5 };
    const liar = { play: async () => (await oracle.play(sequence)).map(() => 'something else') };
    await expect(mustNotDiverge(liar as never, sequence)).rejects.toThrow(/^Step 0 .* differs/);
  });

  it('warns about the same keys', async () => {
    const letters = fc.constantFrom('a', ':', ' ', '\t', '\0', '\x1f', '\x7f', '\x80', 'é', '🙂');
    const keys = fc.oneof(
      fc.array(letters, { maxLength: 6 }).map((parts) => parts.join('')),
      fc
        .record({ letter: letters, length: fc.integer({ min: 245, max: 255 }) })
        .map(({ letter, length }) => letter.repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        expect(portabilityFault(key) !== null).toBe(await oracle.warnsAbout(key));
      }),
      { numRuns: 300 },
    );
  });
}
