import { allowedRange } from '../../reports/record/estimate.ts';
import { percent } from '../../reports/record/format.ts';
import type { Estimate, Phase } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import type { Held, SeenArm } from '../kit/contract.ts';
import { busiestShare } from '../theory/independent-choice.ts';

/** Of fewer connections chance leaves nothing to be told. */
const FEWEST_CHOICES = 4;

/** How unevenly requests fell on the workers, and what chance makes of as many choices. */
export interface Spread {
  /** What was given to workers one by one: requests over fresh connections, else connections. */
  readonly choices: number;
  /** The busiest worker's share of the requests. */
  readonly busiest: number;
  /** The same if each choice were independent of the others. */
  readonly byChance: Estimate;
}

/** The arm's spread; `null` where too few connections were handed out. */
export function spreadOf(arm: SeenArm<unknown>): Spread | null {
  const { workers, routing, connections, phases, workload } = arm;
  const [traffic] = phases;
  const choices = routing === 'fresh' ? traffic!.totals.requests : connections;
  if (choices < FEWEST_CHOICES) return null;
  return {
    choices,
    busiest: shares(traffic!)[0]!,
    byChance: busiestShare({ choices, workers, seed: workload.seed }),
  };
}

/** Each worker's share of the requests, the busiest first. */
export function shares({ workers }: Phase): number[] {
  const all = sum(workers.map(({ requests }) => requests));
  return workers.map(({ requests }) => requests / all).sort((a, b) => b - a);
}

/** The most that the busiest worker gets by chance. */
export function mostByChance({ byChance }: Spread): number {
  return Math.min(1, allowedRange(byChance)[1]);
}

/** Whether chance explains how much the busiest worker got. */
export function isChance(spread: Spread): boolean {
  return spread.busiest <= mostByChance(spread);
}

/**
 * How uneven it was. Only measured: a worker that is kept from its processor misses its turn too, so
 * that nothing can be expected of a busy machine.
 */
export function spreadFinding(arm: SeenArm<unknown>): Held | null {
  const spread = spreadOf(arm);
  return (
    spread && {
      claim: null,
      what: `the busiest worker's share of the requests, ${arm.name}`,
      unit: 'share',
      expected: null,
      measured: spread.busiest,
    }
  );
}

/** What the busiest worker got of fresh connections, in turn or as the kernel chose. */
export function spreadInWords(arms: readonly SeenArm<unknown>[]): string {
  const told = arms.flatMap((arm) => {
    const spread = spreadOf(arm);
    const who = arm.scheduling === 'none' ? 'the kernel chose' : 'workers took turns';
    return spread ? [{ spread, words: `${percent(spread.busiest)} where ${who}` }] : [];
  });
  if (told.length === 0) return '';
  const busiest = told.map(({ words }) => words).join(' and ');
  return ` Of the fresh connections the busiest worker got ${busiest}; chance alone explains up to ${percent(mostByChance(told[0]!.spread))}.`;
}
