import { type Complex, exp, inverseLaplace, minus, over, times } from './laplace.ts';

/** What becomes of a key's requests between one store and the next. */
interface EntryLife {
  /** Expected hits on what was stored. */
  readonly hits: number;
  /** Probability that the entry is missed because it was evicted, before its time was over. */
  readonly evicted: number;
}

/**
 * As {@link entryLife} where the stay is another one after each request, uniform between two bounds:
 * e.g. until the first cull that comes after a while. Gaps that end in a hit have the density
 * φ(u) = λ·e^(−λu)·P(stay > u), and hits up to the timeout are the renewals of these: their Laplace
 * transform is φ*(s) / (s·(1 − φ*(s))), that of "no miss yet" 1 / ((λ + s)·(1 − φ*(s))).
 */
export function entryLifeBetween(
  requestsPerSecond: number,
  [shortest, longest]: readonly [shortestSeconds: number, longestSeconds: number],
  timeoutSeconds: number,
): EntryLife {
  const spread = longest - shortest;
  if (!(spread > 1e-9 * longest) || timeoutSeconds <= shortest) {
    return entryLife(requestsPerSecond, shortest, timeoutSeconds);
  }
  const rate = requestsPerSecond;
  if (timeoutSeconds === Infinity) {
    const gone = (Math.exp(-rate * shortest) * -Math.expm1(-rate * spread)) / (rate * spread);
    return { hits: (1 - gone) / gone, evicted: 1 };
  }
  const hitGap = (s: Complex): Complex => {
    const z: Complex = [s[0] + rate, s[1]];
    const ends = minus(exp(times(z, [-shortest, 0])), exp(times(z, [-longest, 0])));
    return over(times([rate, 0], minus([1, 0], over(ends, times(z, [spread, 0])))), z);
  };
  const hits = inverseLaplace((s) => {
    const gap = hitGap(s);
    return over(gap, times(s, minus([1, 0], gap)));
  }, timeoutSeconds);
  const neverMissed = inverseLaplace(
    (s) => over([1, 0], times([s[0] + rate, s[1]], minus([1, 0], hitGap(s)))),
    timeoutSeconds,
  );
  return { hits, evicted: 1 - neverMissed };
}

/** Beyond so many stays the series is carried on by its slowest exponential. */
const LONGEST_SERIES = 20;

/**
 * The life of an entry that is asked for at random (Poisson), leaves the cache when nobody asks
 * for it during `staySeconds`, and expires `timeoutSeconds` after it was stored; a hit does not
 * extend the timeout, as in Django.
 *
 * Let λ be the key's rate, t the stay, a = e^(−λt). The probability that the entry is in the cache
 * and was never missed, g(s), starts at 1 and follows g'(s) = −λa·g(s − t) after a step of −a at
 * s = t: a delay equation, whose solution is the finite series below (Laplace transform
 * (1 − a·e^(−st)) / (s + λa·e^(−st))). Hits are λ·∫g up to the timeout. That no miss has come yet
 * has the probability Σ_j (−λa)^j (T − jt)^j / j!.
 *
 * The ends of the scale are known formulas: without a timeout hits are (1 − a)/a, so the hit rate
 * is 1 − e^(−λt) (Che); with a stay beyond the timeout hits are λT, the hit rate x/(1 + x) with
 * x = λT (Jung, Berger and Balakrishnan, "Modeling TTL-based Internet Caches").
 */
export function entryLife(
  requestsPerSecond: number,
  staySeconds: number,
  timeoutSeconds: number,
): EntryLife {
  if (timeoutSeconds <= 0) return { hits: 0, evicted: 0 };
  if (staySeconds >= timeoutSeconds) {
    return { hits: requestsPerSecond * timeoutSeconds, evicted: 0 };
  }
  if (staySeconds <= 0) return { hits: 0, evicted: 1 };
  const x = requestsPerSecond * staySeconds;
  const gone = Math.exp(-x);
  if (timeoutSeconds === Infinity) return { hits: Math.expm1(x), evicted: 1 };
  const stays = timeoutSeconds / staySeconds;
  const series = lifeSeries(x, gone, Math.min(stays, LONGEST_SERIES));
  const beyond = stays - LONGEST_SERIES;
  if (beyond <= 0) return { hits: series.hits, evicted: 1 - series.neverMissed };
  const decay = slowestDecay(x);
  const left = Math.exp(-decay * beyond);
  // For x ≤ 1 the slow part of the series is the wait for a miss, not the entry: that is long gone.
  const hitsBeyond = x <= 1 ? 0 : (x * series.held * (1 - left)) / decay;
  return { hits: series.hits + hitsBeyond, evicted: 1 - series.neverMissed * left };
}

/** The series after so many stays, time being counted in stays. */
function lifeSeries(x: number, gone: number, stays: number) {
  let held = 0;
  let neverMissed = 0;
  let hits = 0;
  // (−xa)^j / j!
  let factor = 1;
  for (let j = 0; j <= stays; j++) {
    const since = stays - j;
    const sinceNext = Math.max(0, since - 1);
    const late = sinceNext > 0 ? gone : 0;
    neverMissed += factor * since ** j;
    held += factor * (since ** j - late * sinceNext ** j);
    hits += (x * factor * (since ** (j + 1) - late * sinceNext ** (j + 1))) / (j + 1);
    factor *= (-x * gone) / (j + 1);
  }
  return { held, neverMissed, hits };
}

/** How the series dies out, per stay: the smaller root of r·e^(−r) = x·e^(−x); x itself for x ≤ 1. */
function slowestDecay(x: number): number {
  if (x <= 1) return x;
  let r = 0;
  for (let step = 0; step < 500; step++) {
    const next = x * Math.exp(r - x);
    if (Math.abs(next - r) < 1e-15) break;
    r = next;
  }
  return Math.max(r, Number.MIN_VALUE);
}
