import type { Decided } from './decided-by-seed.ts';

/** What a comparison of two runs found. */
export interface Comparison {
  /** How many values were held against each other. */
  compared: number;
  /** Keys among them, in the order in which they were drawn. */
  keys: number;
  /** Values that chance had made answers to different questions. */
  byChance: number;
  /** One line for each that is not the same. */
  readonly differences: string[];
}

/**
 * Holds against each other what the seed decided of two runs.
 *
 * @throws Error where neither has a value that should be there
 */
export function compareDecided(before: Decided, after: Decided): Comparison {
  const comparison: Comparison = { compared: 0, keys: 0, byChance: 0, differences: [] };
  compare([], before, after, comparison);
  return comparison;
}

function compare(
  place: readonly string[],
  before: Decided | undefined,
  after: Decided | undefined,
  found: Comparison,
): void {
  const differ = (how: string) => found.differences.push(`${place.join(' › ')}: ${how}`);
  if (isTree(before) && isTree(after)) {
    if (before.given !== after.given) {
      found.byChance += 1;
      return;
    }
    const [old, now] = [Object.keys(before), Object.keys(after)];
    for (const name of new Set([...old, ...now])) {
      compare([...place, name], before[name], after[name], found);
    }
    const moved = old.filter((name) => now.includes(name));
    if (`${moved}` !== `${now.filter((name) => old.includes(name))}`) differ('in another order');
    return;
  }
  found.compared += 1;
  if (before === undefined || after === undefined) {
    if (before === after) throw new Error(`No record has ${place.join(' › ')}.`);
    differ(after === undefined ? 'only before' : 'only after');
  } else if (Array.isArray(before) && Array.isArray(after)) {
    const both = Math.min(before.length, after.length);
    found.keys += both;
    const i = before.slice(0, both).findIndex((key, index) => key !== after[index]);
    if (i >= 0) differ(`"${before[i]}" → "${after[i]}" (the ${i + 1}.)`);
  } else if (!isSame(before, after)) {
    differ(`${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  }
}

function isTree(value: Decided | undefined): value is { readonly [name: string]: Decided } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A sum may be made in another order, which shows in its last digits. */
const ROUNDING = 1e-9;

function isSame(a: Decided, b: Decided): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a));
}
