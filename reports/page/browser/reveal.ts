/** What can only be drawn once its place is visible: a closed part has no width. */
const drawers: (() => void)[] = [];

/** Called whenever parts of the page have opened, and at once. */
export function onReveal(draw: () => void): void {
  drawers.push(draw);
  draw();
}

export function partsRevealed(): void {
  for (const draw of drawers) draw();
}
