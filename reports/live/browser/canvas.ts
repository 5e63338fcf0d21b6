import type { StageLayout } from '../stage-layout.ts';

/** Makes a canvas as large as the stage, and as fine as the screen. */
export function fitCanvas(context: CanvasRenderingContext2D, { width, height }: StageLayout): void {
  const { canvas } = context;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
}
