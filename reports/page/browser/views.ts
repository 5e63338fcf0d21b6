/** What can only be drawn once its place is visible: a closed part has no width. */
const drawers: (() => void)[] = [];

/** Calls `draw` at once, and again whenever parts of the page have opened. */
export function onReveal(draw: () => void): void {
  drawers.push(draw);
  draw();
}

/**
 * What the part after `#` asks for: `#all` opens everything for reading and print, `#instructor`
 * adds the notes, `#all+instructor` does both; anything else is an anchor, and opens what it is in.
 */
export function startViews(): void {
  const apply = () => {
    const asked = decoded(location.hash.slice(1)).split('+');
    const root = document.documentElement;
    root.classList.toggle('with-instructor', asked.includes('instructor'));
    if (asked.includes('all')) openAll();
    const target = asked.length === 1 ? document.getElementById(asked[0]!) : null;
    if (target !== null) revealTarget(target);
    partsRevealed();
  };
  addEventListener('hashchange', apply);
  document.addEventListener('toggle', () => partsRevealed(), true);
  apply();
}

/** Opens what waited for the prediction. */
export function openFigures(): void {
  document.documentElement.classList.add('open');
  partsRevealed();
}

/** Opens everything that is folded, but the tables under the charts, which would bury the page. */
function openAll(): void {
  openFigures();
  document.getElementById('predict')?.classList.add('answered');
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not(.data)')) {
    details.open = true;
  }
  partsRevealed();
}

/** The text as it is where it is not percent-encoded, as a stray `%` is not. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function revealTarget(target: HTMLElement): void {
  if (target.closest('.after-predict')) openFigures();
  for (let part = target.closest('details'); part; part = part.parentElement!.closest('details')) {
    part.open = true;
  }
  partsRevealed();
  target.scrollIntoView();
}

function partsRevealed(): void {
  for (const draw of drawers) draw();
}
