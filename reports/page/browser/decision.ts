import { firstThatFits } from '../../course/decision.ts';

/**
 * The questions of the course's closing page. The advice stands in the page as a list in which the
 * first line that fits holds; the answers mark that line. Without this script the list is read.
 */
export function startDecision(): void {
  const form = document.getElementById('decision');
  if (form === null) return;
  const advice = [...document.querySelectorAll<HTMLElement>('[data-when]')].map((element) => ({
    element,
    when: element.dataset.when!,
  }));
  const said = document.getElementById('decision-said')!;
  const decide = () => {
    const answers = [...form.querySelectorAll<HTMLInputElement>('input:checked')];
    const line = firstThatFits(advice, new Map(answers.map((input) => [input.name, input.value])));
    for (const one of advice) one.element.classList.toggle('chosen', one === line);
    said.textContent = line
      ? line.element.querySelector('strong')!.textContent
      : 'Keep answering; advice appears once it is settled.';
  };
  form.addEventListener('change', decide);
  decide();
}
