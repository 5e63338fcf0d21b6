/** How often a value is smaller than the one before it. */
export function timesFallen(values: readonly number[]): number {
  return values.filter((value, index) => index > 0 && value < values[index - 1]!).length;
}

/**
 * The increase that a monitoring system computes from its scrapes: it takes a value that fell for
 * a counter that began again at 0, as Prometheus does (here without its extrapolation).
 */
export function increaseOf(values: readonly number[]): number {
  let increase = 0;
  for (let i = 1; i < values.length; i++) {
    const rise = values[i]! - values[i - 1]!;
    increase += rise >= 0 ? rise : values[i]!;
  }
  return increase;
}
