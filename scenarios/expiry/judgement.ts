import type { Arm, Estimate, Finding, Phase } from '../../reports/record/schema.ts';
import { count, counted, finding, percent } from '../kit/finding.ts';
import { settledHitRate } from '../theory/timeout-rates.ts';

/** Hit rate and queries per second, held against the model at the measured times and the formula. */
export function findings(arm: Arm): Finding[] {
  const steady = steadyOf(arm);
  if (!steady) return [];
  const expected = steady.expected?.hitRate ?? null;
  const perSecond = steady.totals.requests / seconds(steady);
  const inArm = `with ${counted(arm.workers, 'worker')}`;
  return [
    finding({
      claim: 'C11',
      what: `hit rate, ${inArm}`,
      unit: 'share',
      expected,
      measured: steady.totals.hitRate,
    }),
    finding({
      claim: 'C11',
      what: `queries per second that reach the database, ${inArm}`,
      unit: 'queries/s',
      expected: expected && queriesOf(expected, perSecond),
      measured: queriesPerSecond(steady),
    }),
    formulaFinding(arm, steady, inArm),
  ];
}

/**
 * The formula speaks of an even flow. A machine that is too busy lets requests come in heaps; then
 * what the model gives at the measured times lies elsewhere, whatever was measured, and the formula
 * is shown but does not judge.
 */
function formulaFinding(arm: Arm, steady: Phase, inArm: string): Finding {
  const expected = expectedHitRate(arm, steady);
  const atMeasuredTimes = steady.expected?.hitRate.value ?? Number.NaN;
  const isEven =
    expected !== null && atMeasuredTimes >= expected.low! && atMeasuredTimes <= expected.high!;
  return finding({
    claim: 'C11',
    what: isEven
      ? `hit rate against the formula for an even flow, ${inArm}`
      : `hit rate, where requests came too unevenly for the formula, ${inArm}`,
    unit: 'share',
    expected: isEven ? expected : null,
    measured: steady.totals.hitRate,
  });
}

/** The formula's value at the rates that the workers really got; how far one run scatters is simulated. */
export function expectedHitRate(arm: Arm, steady: Phase): Estimate | null {
  const simulated = steady.expected?.hitRate;
  if (!simulated || simulated.low === null || simulated.high === null) return null;
  const rates = steady.workers.map(({ requests }) => requests / seconds(steady));
  const value = settledHitRate(arm, rates);
  return {
    ...simulated,
    value,
    low: Math.max(0, value - (simulated.value - simulated.low)),
    high: Math.min(1, value + (simulated.high - simulated.value)),
    source:
      'Σ p·x/(1 + x), x = λ·p·T (Jung, Berger, Balakrishnan); the scatter of a run is simulated',
  };
}

/** The same expectation as queries per second, of so many requests per second. */
export function queriesOf({ value, low, high, ...rest }: Estimate, perSecond: number): Estimate {
  const misses = (rate: number) => perSecond * (1 - rate);
  return {
    ...rest,
    value: misses(value),
    low: high === null ? null : misses(high),
    high: low === null ? null : misses(low),
  };
}

/** The verdict in figures. */
export function sentence(arms: readonly Arm[]): string {
  const [one, many] = [arms[0], arms.at(-1)];
  const [before, after] = [one && steadyOf(one), many && steadyOf(many)];
  if (!one || !before) return 'Nothing was measured.';
  const queries = queriesPerSecond(before);
  if (!many || !after || many === one)
    return `One worker asked the database ${queries.toFixed(0)} times a second; give --workers 4 to see what more of them do.`;
  const times = queriesPerSecond(after) / queries;
  return (
    `At ${count(many.ratePerSecond ?? 0)} requests per second and a timeout of ${many.cache.timeoutSeconds} s, one worker asked the database ` +
    `${queries.toFixed(0)} times a second and ${many.workers} workers ${queriesPerSecond(after).toFixed(0)} times (${times.toFixed(1)} ×); ` +
    `the hit rate went from ${percent(before.totals.hitRate)} to ${percent(after.totals.hitRate)}, and it stays there.${slowness(arms)}`
  );
}

/** A machine that cannot hold the rate asks the database less often than it would be asked. */
function slowness(arms: readonly Arm[]): string {
  const slow = arms.filter(
    (arm) => (steadyOf(arm)?.requestsPerSecond ?? 0) < 0.9 * (arm.ratePerSecond ?? 0),
  );
  if (slow.length === 0) return '';
  return ` This machine did not hold the rate with ${slow.map(({ name }) => name).join(' and ')}; a lower --rate makes the arms comparable.`;
}

/** The phase that counts. */
export const steadyOf = ({ phases }: Arm) => phases.find(({ name }) => name === 'steady');

/** How long a phase took. */
export const seconds = ({ durationMillis }: Phase) => durationMillis / 1_000;

/** Queries per second that reached the database. */
export const queriesPerSecond = (phase: Phase) => phase.totals.originQueries / seconds(phase);
