import { baselineArm, largestArm, lookupsOf, missesOf } from '../../figures/run-parts.ts';
import { formatValue } from '../../record/format.ts';
import type { Arm, Phase, RunRecord } from '../../record/schema.ts';

/**
 * The figures that a lesson may name in its sentences, `{{name}}` or `{{name arm}}`, where `arm` is
 * `first` (the baseline), `last` (the arm with the most workers; the default) or an arm's name in
 * double quotes. Of an arm with several phases the last one counts.
 */
export const RUN_FIGURES: Record<string, (of: Chosen) => string> = {
  arm: ({ arm }) => arm.name,
  workers: ({ arm }) => formatValue(arm.workers, 'count'),
  connections: ({ arm }) => formatValue(arm.connections, 'count'),
  keys: ({ arm }) => formatValue(arm.workload.keys, 'count'),
  zipf: ({ arm }) => formatValue(arm.workload.zipf, 'number'),
  maxEntries: ({ arm }) => formatValue(arm.cache.maxEntries, 'count'),
  timeoutSeconds: ({ arm }) => formatValue(arm.cache.timeoutSeconds, 'number'),
  requests: ({ phase }) => formatValue(phase.totals.requests, 'count'),
  lookups: ({ phase }) => formatValue(lookupsOf(phase.totals), 'count'),
  hits: ({ phase }) => formatValue(phase.totals.hits, 'count'),
  hitRate: ({ phase }) => formatValue(phase.totals.hitRate, 'percent'),
  lowestHitRate: ({ phase }) => formatValue(extreme(phase, Math.min), 'percent'),
  highestHitRate: ({ phase }) => formatValue(extreme(phase, Math.max), 'percent'),
  expectedHitRate: ({ phase }) => formatValue(phase.expected?.hitRate.value ?? null, 'percent'),
  misses: ({ phase }) => formatValue(missesOf(phase.totals), 'count'),
  coldMisses: ({ phase }) => formatValue(phase.totals.misses.cold, 'count'),
  expiredMisses: ({ phase }) => formatValue(phase.totals.misses.expired, 'count'),
  evictedMisses: ({ phase }) => formatValue(phase.totals.misses.evicted, 'count'),
  avoidableMisses: ({ phase }) => formatValue(phase.replay?.avoidableMisses ?? null, 'count'),
  sharedCacheMisses: ({ phase }) => formatValue(phase.replay?.sharedCacheMisses ?? null, 'count'),
  expectedMisses: ({ phase }) => formatValue(phase.expected?.misses.value ?? null, 'count'),
  originQueries: ({ phase }) => formatValue(phase.totals.originQueries, 'count'),
  entries: ({ phase }) => formatValue(phase.totals.entries, 'count'),
  uniqueEntries: ({ phase }) => formatValue(phase.totals.uniqueEntries, 'count'),
  duplicationFactor: ({ phase }) => formatValue(phase.totals.duplicationFactor, 'number'),
  /** How many times as many misses as the baseline. */
  missesTimes: ({ phase, baseline }) =>
    formatValue(
      baseline === null || missesOf(baseline.totals) === 0
        ? null
        : missesOf(phase.totals) / missesOf(baseline.totals),
      'number',
    ),
  seed: ({ record }) => String(record.seed),
  command: ({ record }) => record.command,
};

/** What a placeholder is about. */
export interface Chosen {
  readonly record: RunRecord;
  readonly arm: Arm;
  readonly phase: Phase;
  /** The baseline's last phase. */
  readonly baseline: Phase | null;
}

/** A figure by its name, and the arm that it is of. */
export interface Placeholder {
  readonly name: string;
  readonly arm: string;
}

/** `{{…}}` taken apart; `null` when it is none or its name is unknown. */
export function parsePlaceholder(inside: string): Placeholder | null {
  const match = /^\s*(\w+)(?:\s+(first|last|"[^"]+"))?\s*$/.exec(inside);
  if (!match || !Object.hasOwn(RUN_FIGURES, match[1]!)) return null;
  return { name: match[1]!, arm: match[2] ?? 'last' };
}

/** The figure as text, or `null` when this run has no such arm. */
export function resolvePlaceholder(placeholder: Placeholder, record: RunRecord): string | null {
  const arm = chosenArm(placeholder.arm, record);
  const phase = arm?.phases.at(-1);
  if (!arm || !phase) return null;
  const baseline = baselineArm(record)?.phases.at(-1) ?? null;
  return RUN_FIGURES[placeholder.name]!({ record, arm, phase, baseline });
}

/** The placeholders of a text that no report could fill in. */
export function unknownPlaceholders(markdown: string): string[] {
  return [...markdown.matchAll(/\{\{(.*?)\}\}/g)]
    .filter(([, inside]) => parsePlaceholder(inside!) === null)
    .map(([whole]) => whole);
}

function chosenArm(choice: string, record: RunRecord): Arm | null {
  if (choice === 'first') return baselineArm(record);
  if (choice === 'last') return largestArm(record);
  return record.arms.find((arm) => arm.name === choice.slice(1, -1)) ?? null;
}

function extreme(phase: Phase, pick: (...rates: number[]) => number): number | null {
  const rates = phase.workers.map((worker) => worker.hitRate).filter((rate) => rate !== null);
  return rates.length === 0 ? null : pick(...rates);
}
