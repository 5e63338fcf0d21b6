import { distance } from '../../reports/record/distance.ts';
import { FORMATS, formatValue } from '../../reports/record/format.ts';
import { MEASURES, measuredOf } from '../../reports/record/measures.ts';
import type { Phase, RunRecord } from '../../reports/record/schema.ts';

/**
 * What a verdict's sentence says that its record does not bear out, a line each: a number that is in no
 * chart, no finding and no measure and does not follow from them, and a direction that its own two
 * numbers do not have.
 */
export function notBorneOut({ verdict, arms, exhibits }: RunRecord): string[] {
  if (!verdict) return [];
  const known = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'number') for (const text of writings(value)) known.add(text);
    else if (typeof value === 'string') for (const text of numbersIn(value)) known.add(text);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(add);
  };
  for (const { phases, observations: _, ...arm } of arms) {
    add(arm);
    add(phases.map(figuresOf));
  }
  add(ratiosOf(arms.map(({ phases }) => phases)));
  add(exhibits);
  // A strip says how many steps there were by having them.
  add(
    exhibits.map((one) => (one.kind === 'strip' ? one.rows.map(({ cells }) => cells.length) : 0)),
  );
  for (const finding of verdict.findings) add([finding, distance(finding)]);
  const sentence = verdict.sentence.replaceAll('\u00a0', ' ');
  return [
    ...numbersIn(sentence)
      .filter((text) => !known.has(text))
      .map((text) => `no figure of the record is ${text}: ${sentence}`),
    ...wrongDirections(sentence),
  ];
}

/** A number with its unit; not one within a name such as `user_123`, and `4 × 75` is no 4 ×. */
const NUMBER =
  /(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?: (?:%|×(?! \d)|µs|ms|s(?!\w)|MiB|GiB|points))?/g;

function numbersIn(text: string): string[] {
  return text.replaceAll('\u00a0', ' ').match(NUMBER) ?? [];
}

/** A figure as any sentence may write it. */
function writings(value: number): string[] {
  const formats = FORMATS.map((format) => formatValue(value, format));
  return [...formats, String(value), `${(100 * value).toFixed(1)} points`].flatMap(numbersIn);
}

function figuresOf(phase: Phase): (number | null)[] {
  const parts = [{ phase }, ...phase.workers.map((worker) => ({ phase, worker }))];
  return Object.values(MEASURES).flatMap((measure) =>
    parts.map((part) => measuredOf(measure, part)),
  );
}

/** How many times as much: every measure of every arm against the same of every other. */
function ratiosOf(arms: readonly (readonly Phase[])[]): number[] {
  const phases = arms.flat();
  return Object.values(MEASURES).flatMap((measure) => {
    const values = phases.flatMap((phase) => {
      const value = measuredOf(measure, { phase });
      // Per second too, where the arms took their time.
      return value ? [[value, (1_000 * value) / phase.durationMillis]] : [];
    });
    return values.flatMap(([one, rate]) =>
      values.flatMap(([other, otherRate]) => [one! / other!, rate! / otherRate!, rate!]),
    );
  });
}

/** Words that say which of two numbers is larger, and whether it is. */
const DIRECTIONS: readonly [words: RegExp, holds: (one: number, other: number) => boolean][] = [
  [/(?:fell|dropped|sank) from (N) to (N)/g, (one, other) => one > other],
  [/(?:rose|climbed|grew) from (N) to (N)/g, (one, other) => one < other],
  [/went from (N) to (N)/g, (one, other) => one !== other],
  // A share of something is no part of its number.
  [/(N)(?<!%) (?:(?!instead)\w+ )?of (N)(?! %)/g, (one, other) => one <= other],
  [/as (?:often|much|many) as \D*(N)\D*against (N)/g, (one, other) => one === other],
];
/** What no direction above can read must not be said. */
const UNREAD = /\b(?:higher|lower|faster|slower|fewer|worse|better|as often)\b/;

function wrongDirections(sentence: string): string[] {
  const wrong = DIRECTIONS.flatMap(([{ source }, holds]) =>
    [...sentence.matchAll(new RegExp(source.replaceAll('N', NUMBER.source), 'g'))]
      .filter(([, one, other]) => !holds(quantityOf(one!), quantityOf(other!)))
      .map(([words]) => `“${words}” is not so: ${sentence}`),
  );
  const unread = UNREAD.exec(sentence);
  return unread ? [...wrong, `“${unread[0]}” cannot be checked: ${sentence}`] : wrong;
}

function quantityOf(text: string): number {
  return Number.parseFloat(text.replaceAll(',', ''));
}
