/** A complex number: real and imaginary part. */
export type Complex = readonly [re: number, im: number];

export const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
export const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
export const over = ([a, b]: Complex, [c, d]: Complex): Complex => {
  const square = c * c + d * d;
  return [(a * c + b * d) / square, (b * c - a * d) / square];
};
/** e^z */
export const exp = ([a, b]: Complex): Complex => {
  const size = Math.exp(a);
  return [size * Math.cos(b), size * Math.sin(b)];
};

/** Discretization error e^−A. */
const A = 18.4;
const TERMS = 15;
/** Sums of 15 … 26 terms, weighted by C(11, k) / 2^11. */
const EULER = [1, 11, 55, 165, 330, 462, 462, 330, 165, 55, 11, 1].map((c) => c / 2 ** 11);

/**
 * The value at t of a function whose Laplace transform is given: Euler's method of Abate and Whitt,
 * "Numerical Inversion of Laplace Transforms of Probability Distributions", 1995.
 */
export function inverseLaplace(transform: (s: Complex) => Complex, t: number): number {
  const scale = Math.exp(A / 2) / t;
  let sum = (scale / 2) * transform([A / (2 * t), 0])[0];
  let value = 0;
  for (let k = 1; k < TERMS + EULER.length; k++) {
    const term = scale * transform([A / (2 * t), (k * Math.PI) / t])[0];
    sum += k % 2 === 0 ? term : -term;
    if (k >= TERMS) value += EULER[k - TERMS]! * sum;
  }
  return value;
}
