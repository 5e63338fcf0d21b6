import type { Fact } from './decided-by-seed.ts';

/** What a comparison of two records found. */
export interface Comparison {
  /** How many facts were held against each other. */
  readonly compared: number;
  /** Keys among them, in the order in which they were drawn. */
  readonly keys: number;
  /** Facts that chance had made different questions. */
  readonly byChance: number;
  /** One line for each fact that is not the same. */
  readonly differences: string[];
}

/** Holds the facts of two runs against each other. */
export function compareFacts(
  before: ReadonlyMap<string, Fact>,
  after: ReadonlyMap<string, Fact>,
): Comparison {
  let [compared, keys, byChance] = [0, 0, 0];
  const differences: string[] = [];
  for (const label of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(label), after.get(label)];
    if (!old || !now) {
      differences.push(`${label}: only ${old ? 'before' : 'after'}`);
      continue;
    }
    if (old.given !== now.given || old.keys === 'not at all') {
      byChance += 1;
      continue;
    }
    compared += 1;
    const [a, b] = comparable(old, now);
    if (old.keys) keys += (a as string[]).length;
    const difference = firstDifference(a, b);
    if (difference) differences.push(`${label}: ${difference}`);
  }
  return { compared, keys, byChance, differences };
}

/** The two values, less what the seed does not decide of them. */
function comparable(old: Fact, now: Fact): [unknown, unknown] {
  const [a, b] = [old.value, now.value] as [string[], string[]];
  switch (old.keys) {
    case 'as far as both went': {
      const both = Math.min(a.length, b.length);
      return [a.slice(0, both), b.slice(0, both)];
    }
    case 'in any order':
      return [a.toSorted(), b.toSorted()];
    default:
      return [old.value, now.value];
  }
}

/** A sum may be made in another order, which shows in its last digits. */
const ROUNDING = 1e-9;

function firstDifference(a: unknown, b: unknown): string | null {
  if (Array.isArray(a) && Array.isArray(b)) {
    const i = Array.from({ length: Math.max(a.length, b.length) }).findIndex(
      (_, index) => firstDifference(a[index], b[index]) !== null,
    );
    if (i < 0) return null;
    return `${JSON.stringify(a[i])} → ${JSON.stringify(b[i])} (the ${i + 1}. of ${a.length} → ${b.length})`;
  }
  if (typeof a === 'number' && typeof b === 'number') {
    if (Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a))) return null;
  }
  return Object.is(a, b) ? null : `${JSON.stringify(a)} → ${JSON.stringify(b)}`;
}
