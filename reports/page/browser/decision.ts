/**
 * The questions of the course's closing page. The advice stands in the page as a list in which the
 * first line that fits holds; the answers mark that line. Without this script the list is read.
 */
export function startDecision(): void {
  const form = document.getElementById('decision');
  if (form === null) return;
  const advice = [...document.querySelectorAll<HTMLElement>('[data-when]')];
  const said = document.getElementById('decision-said')!;
  const decide = () => {
    const answers = new Map(
      [...form.querySelectorAll<HTMLInputElement>('input:checked')].map((input) => [
        input.name,
        input.value,
      ]),
    );
    const line = firstThatFits(advice, answers);
    for (const one of advice) one.classList.toggle('chosen', one === line);
    said.textContent = line
      ? line.querySelector('strong')!.textContent
      : 'Answer on; the advice comes as soon as the answers decide it.';
  };
  form.addEventListener('change', decide);
  decide();
}

/** None as long as an earlier line may still come to fit. */
function firstThatFits(
  advice: readonly HTMLElement[],
  answers: ReadonlyMap<string, string>,
): HTMLElement | null {
  for (const line of advice) {
    const conditions = line.dataset.when!.split(' ').filter(Boolean);
    const fits = conditions.map((condition) => {
      const [question, answer] = condition.split('=');
      const given = answers.get(question!);
      return given === undefined ? null : given === answer;
    });
    if (fits.includes(false)) continue;
    return fits.includes(null) ? null : line;
  }
  return null;
}
