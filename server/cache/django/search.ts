import fc from 'fast-check';
import { describeDivergence, findDivergence } from './compare.ts';
import type { DjangoOracle } from './oracle.ts';
import { type Sequence, sequences } from './sequence.ts';

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
  for (let round = 0; operations < options.operations; round += 1) {
    const property = fc.asyncProperty(sequences(), async (sequence) => {
      operations += sequence.steps.length;
      return (await findDivergence(options.oracle, sequence)) === null;
    });
    const seed = (options.seed + round) | 0;
    const outcome = await fc.check(property, { seed, numRuns: SEQUENCES_PER_ROUND });
    if (outcome.failed) throw await divergenceError(options, outcome);
    options.progress?.(operations);
  }
  return operations;
}

async function divergenceError(
  options: SearchOptions,
  outcome: fc.RunDetails<[Sequence]>,
): Promise<Error> {
  const sequence = outcome.counterexample?.[0];
  if (!sequence) return new Error(`The search failed: ${outcome.errorInstance}`);
  const divergence = await findDivergence(options.oracle, sequence);
  const text = divergence
    ? describeDivergence(sequence, divergence)
    : `It failed once and not again: ${outcome.errorInstance}`;
  return new Error(`Seed ${options.seed}: ${text}`);
}
