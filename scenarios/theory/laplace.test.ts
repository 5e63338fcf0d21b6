import { expect, test } from 'vitest';
import { exp, inverseLaplace, minus, over, times } from './laplace.ts';

test.each([0.1, 1, 7, 300])('finds functions whose transforms are known, at %d', (t) => {
  const decay = inverseLaplace((s) => over([1, 0], [s[0] + 0.1, s[1]]), t);
  expect(decay).toBeCloseTo(Math.exp(-0.1 * t), 6);
  const ramp = inverseLaplace((s) => over([1, 0], times(s, s)), t);
  expect(ramp / t).toBeCloseTo(1, 6);
  // Rises from 2 to 4, for the integral of 1 between: (e^(−2s) − e^(−4s)) / s².
  const between = inverseLaplace(
    (s) => over(minus(exp(times(s, [-2, 0])), exp(times(s, [-4, 0]))), times(s, s)),
    t,
  );
  expect(between).toBeCloseTo(Math.min(2, Math.max(0, t - 2)), 2);
});
