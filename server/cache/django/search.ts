import fc from 'fast-check';
import { mustNotDiverge } from './compare.ts';
import type { DjangoOracle } from './oracle.ts';
import { sequences } from './sequence.ts';

export interface SearchOptions {
  readonly oracle: DjangoOracle;
  /** Operations to compare, at least. */
  readonly operations: number;
  readonly seed: number;
  /** Told now and then how many operations were compared. */
  readonly progress?: (operations: number) => void;
}

/** Sequences of one round; the rounds are seeded one after the other. */
const SEQUENCES_PER_ROUND = 100;

/**
 * Plays random sequences on both until enough operations were compared. Gives their number; an
 * error with the shrunk sequence if there is a divergence.
 */
export async function searchForDivergence(options: SearchOptions): Promise<number> {
  let operations = 0;
  const property = fc.asyncProperty(sequences(), async (sequence) => {
    operations += sequence.steps.length;
    await mustNotDiverge(options.oracle, sequence);
  });
  for (let round = 0; operations < options.operations; round += 1) {
    const seed = (options.seed + round) | 0;
    const { failed, errorInstance } = await fc.check(property, {
      seed,
      numRuns: SEQUENCES_PER_ROUND,
    });
    if (failed) throw new Error(`Seed ${options.seed}: ${(errorInstance as Error).message}`);
    options.progress?.(operations);
  }
  return operations;
}
