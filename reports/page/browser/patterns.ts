import type { Pattern } from '../../figures/figure.ts';

/** The colour as it is, or drawn as a pattern, so that a bar is known without its colour too. */
export function patternFill(colour: string, pattern: Pattern): string | CanvasPattern {
  if (pattern === 'solid') return colour;
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const context = tile.getContext('2d')!;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.globalAlpha = 0.22;
  context.fillRect(0, 0, 8, 8);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  if (pattern === 'dotted') {
    context.fillRect(1, 1, 2.5, 2.5);
    context.fillRect(5, 5, 2.5, 2.5);
  } else {
    const across = pattern === 'crossed' ? 'M-2-2 10 10' : '';
    context.stroke(new Path2D(`M-2 10 10-2M-2 2 2-2M6 10 10 6${across}`));
  }
  return context.createPattern(tile, 'repeat')!;
}
