/**
 * The first line of advice that fits the answers given so far, by their question; `null` as long as
 * an earlier line may still come to fit. Used in the page, and to test what a curriculum advises.
 */
export function firstThatFits<Advice extends { readonly when: string }>(
  advice: readonly Advice[],
  answers: ReadonlyMap<string, string>,
): Advice | null {
  for (const line of advice) {
    const fits = line.when.split(' ').map((condition) => {
      const [question, answer] = condition.split('=') as [string, string];
      const given = answers.get(question);
      return given === undefined ? null : given === answer;
    });
    if (fits.includes(false)) continue;
    return fits.includes(null) ? null : line;
  }
  return null;
}
