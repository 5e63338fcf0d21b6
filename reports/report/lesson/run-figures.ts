import { baselineArm } from '../../figures/run-parts.ts';
import { mostTelling } from '../../record/arms.ts';
import { type Format, formatValue } from '../../record/format.ts';
import { expectedId, expectedOf, MEASURES } from '../../record/measures.ts';
import type { Arm, Phase, RunRecord } from '../../record/schema.ts';

type RunFigure = (of: Chosen) => string;

/**
 * The figures that a lesson may name in its sentences, `{{name}}` or `{{name arm}}`, where `arm` is
 * `first` (the baseline), `last` (the arm with the most workers; the default) or an arm's name in
 * double quotes. Of an arm with several phases the last one counts. They are the measures by their
 * names, with `expected` before a name what theory says of it, and these.
 */
export const RUN_FIGURES: Readonly<Record<string, RunFigure>> = {
  ...measured(),
  arm: ({ arm }) => arm.name,
  workers: number(({ arm }) => arm.workers, 'count'),
  /** Those offered; a measure of this name would be those accepted. */
  connections: number(({ arm }) => arm.connections, 'count'),
  keys: number(({ arm }) => arm.workload.keys, 'count'),
  zipf: number(({ arm }) => arm.workload.zipf, 'number'),
  maxEntries: number(({ arm }) => arm.cache.maxEntries, 'count'),
  timeoutSeconds: number(({ arm }) => arm.cache.timeoutSeconds, 'number'),
  lowestHitRate: number(({ phase }) => extreme(phase, Math.min), 'percent'),
  highestHitRate: number(({ phase }) => extreme(phase, Math.max), 'percent'),
  coldMisses: number(({ phase }) => MEASURES.cold.of(phase), 'count'),
  expiredMisses: number(({ phase }) => MEASURES.expired.of(phase), 'count'),
  evictedMisses: number(({ phase }) => MEASURES.evicted.of(phase), 'count'),
  /** How many times as many misses as the baseline. */
  missesTimes: number(({ phase, baseline }) => {
    const [misses, before] = [phase, baseline].map((one) => one && MEASURES.misses.of(one));
    return misses && before ? misses / before : null;
  }, 'number'),
  seed: ({ record }) => String(record.seed),
  command: ({ record }) => record.command,
};

function number(of: (chosen: Chosen) => number | null, format: Format): RunFigure {
  return (chosen) => formatValue(of(chosen), format);
}

function measured(): Record<string, RunFigure> {
  const figures = Object.values(MEASURES).flatMap((measure) => {
    const { id, of, expected, format } = measure;
    const theory = number((part) => expectedOf(measure, part)?.value ?? null, format);
    return [
      [id, number(({ phase }) => of(phase), format)] as const,
      ...(expected ? [[expectedId(id), theory] as const] : []),
    ];
  });
  return Object.fromEntries(figures);
}

/** What a placeholder is about. */
interface Chosen {
  readonly record: RunRecord;
  readonly arm: Arm;
  readonly phase: Phase;
  /** The baseline's last phase. */
  readonly baseline: Phase | null;
}

/**
 * The figure that `{{…}}` names, as text; `null` where this run has no such arm, `undefined` where
 * nobody knows the name.
 */
export function runFigure(inside: string, record: RunRecord): string | null | undefined {
  const [, name = '', choice = 'last'] =
    /^\s*(\w+)(?:\s+(first|last|"[^"]+"))?\s*$/.exec(inside) ?? [];
  if (!Object.hasOwn(RUN_FIGURES, name)) return undefined;
  const arm = chosenArm(choice, record);
  const phase = arm?.phases.at(-1);
  if (!arm || !phase) return null;
  const baseline = baselineArm(record)?.phases.at(-1) ?? null;
  return RUN_FIGURES[name]!({ record, arm, phase, baseline });
}

function chosenArm(choice: string, record: RunRecord): Arm | null {
  if (choice === 'first') return baselineArm(record);
  if (choice === 'last') return mostTelling(record.arms) ?? null;
  return record.arms.find((arm) => arm.name === choice.slice(1, -1)) ?? null;
}

function extreme(phase: Phase, pick: (...rates: number[]) => number): number | null {
  const rates = phase.workers.map((worker) => worker.hitRate).filter((rate) => rate !== null);
  return rates.length === 0 ? null : pick(...rates);
}
