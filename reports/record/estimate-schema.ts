import Type, { type Static } from 'typebox';
import { Amount, Figure } from './bounds.ts';

/** What the two ends of an estimate are. */
export const Interval = Type.Union([
  /** Every run gives the value itself. */
  Type.Object({ kind: Type.Literal('exact') }),
  /** Chance: this share of runs falls between the ends. */
  Type.Object({
    kind: Type.Literal('chance'),
    share: Type.Enum([0.95, 0.9999]),
    /** How it is known, e.g. `occupancy variance`. */
    how: Type.String(),
    /** The smallest difference that can be seen, e.g. 1 for a count; 0: any. */
    step: Amount,
  }),
  /** An allowance, with its reason; no probability is meant. */
  Type.Object({ kind: Type.Literal('tolerance'), reason: Type.String() }),
]);

/** A value that theory gives, with the interval in which a single run should fall. */
export const Estimate = Type.Object({
  value: Figure,
  low: Figure,
  high: Figure,
  interval: Interval,
  /** Where the formula comes from, or what the model was fed with, for a reader who checks. */
  source: Type.String(),
  /**
   * `formula`: theory. `model`: the exact model of the cache, its keys drawn anew. `construction`: the
   * lab's own code does it so; that shows what is meant and proves nothing.
   */
  by: Type.Enum(['formula', 'model', 'construction']),
});

/** What theory expects of a worker, or of a phase. */
export const Expectation = Type.Object({ hitRate: Estimate, misses: Estimate });

export type Interval = Static<typeof Interval>;
export type Estimate = Static<typeof Estimate>;
export type Expectation = Static<typeof Expectation>;
