import { openFigures } from './views.ts';

/** An answer is judged at once, all reasons are shown, and the figures open. */
export function startPrediction(): void {
  const section = document.getElementById('predict');
  if (section === null) return;
  const said = document.getElementById('predict-said')!;
  const answers = [...section.querySelectorAll<HTMLButtonElement>('.answer')];
  for (const answer of answers) {
    answer.setAttribute('aria-pressed', 'false');
    answer.addEventListener('click', () => {
      for (const other of answers) other.setAttribute('aria-pressed', String(other === answer));
      section.classList.add('answered');
      said.textContent =
        answer.dataset.right === 'yes'
          ? 'Right. The figures are open below.'
          : 'Not this one. The figures are open below.';
      openFigures();
    });
  }
  document.getElementById('predict-skip')!.addEventListener('click', () => {
    said.textContent = 'The figures are open below.';
    openFigures();
  });
}
