import type { Wish } from '../keys.ts';

/**
 * Listens to the keyboard where nothing else does: not while somebody types, and no button takes
 * space or Enter for itself. Gives back how to stop.
 */
export function onKey(
  wishOf: (key: string) => Wish | null,
  fulfil: (wish: Wish) => void,
): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    const wish = wishOf(event.key);
    if (wish === null) return;
    event.preventDefault();
    fulfil(wish);
  };
  addEventListener('keydown', pressed);
  addEventListener('click', letGo);
  return () => {
    removeEventListener('keydown', pressed);
    removeEventListener('click', letGo);
  };
}

/** Whether the element with the focus has a use for the key, or a dialog is open. */
function isTaken({ key, target }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  const kind = target instanceof HTMLInputElement ? target.type : target.localName;
  if (kind === 'number' || kind === 'select') return true;
  if (kind === 'radio' || kind === 'range') return key === ' ' || /^(Arrow|Page)/.test(key);
  return kind === 'button' && key === ' ';
}

/** After a click the keyboard is the page's again: space must not repeat what was clicked. */
function letGo({ detail, target }: MouseEvent): void {
  if (detail === 0 || !(target instanceof Element)) return;
  if (target.closest('button, .segments, input[type="range"]')) {
    (document.activeElement as HTMLElement | null)?.blur();
  }
}
