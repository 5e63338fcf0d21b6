import { chartFont, rem } from '../../page/browser/chart-look.ts';
import { themeColour } from '../../page/browser/theme.ts';
import { type DotPlace, type Flight, isHit } from '../flight.ts';
import type { Box, Point, StageLayout } from '../stage-layout.ts';
import { fitCanvas } from './canvas.ts';

/** Draws dots, and wipes out only where some were. */
export class DotBrush {
  readonly #context: CanvasRenderingContext2D;
  #drawn: Box[] = [];
  #colours = { asks: '', hit: '', miss: '', guest: '', paper: '', ink: '' };
  #radius = 5;
  #fonts = { guest: '', label: '' };

  constructor(canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d')!;
  }

  /** Starts with an empty canvas of the stage's size. */
  fit(layout: StageLayout): void {
    fitCanvas(this.#context, layout);
    this.#drawn = [];
    this.#radius = rem(0.34);
    const { size, family } = chartFont(0.8);
    this.#fonts = { guest: `650 ${size}px ${family}`, label: `600 ${size}px ${family}` };
  }

  /** The colours of the theme, which a canvas does not know. */
  takeColours(): void {
    const [asks, hit, miss, guest, paper, ink] = [
      'quiet',
      'c-hit',
      'c-miss',
      'accent',
      'paper',
      'ink',
    ].map(themeColour) as [string, string, string, string, string, string];
    this.#colours = { asks, hit, miss, guest, paper, ink };
  }

  /** Wipes out what was drawn since the last time. */
  clear(): void {
    for (const { x, y, width, height } of this.#drawn) {
      this.#context.clearRect(x, y, width, height);
    }
    this.#drawn = [];
  }

  /** A dot in the colour of what became of it; a participant's with the number, if wanted with its key. */
  draw({ dot, asks }: Flight, place: DotPlace, labelled: boolean, elapsed: number): void {
    const { asks: asking, hit, miss, guest } = this.#colours;
    const told = isHit(dot.outcome) ? hit : miss;
    const colour = elapsed < asks ? asking : told;
    const byHand = dot.guest !== undefined;
    const radius = this.#radius * (byHand ? 2 : 1);
    this.#circle(place, radius, byHand && elapsed < asks ? guest : colour);
    if (byHand) this.#write(String(dot.guest === 0 ? dot.key : dot.guest), place, 'guest');
    else if (labelled)
      this.#write(String(dot.key), { x: place.x + radius * 1.6, y: place.y }, 'label');
  }

  #circle({ x, y }: Point, radius: number, colour: string): void {
    const context = this.#context;
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    this.#touched(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  #write(text: string, { x, y }: Point, kind: 'guest' | 'label'): void {
    const context = this.#context;
    context.font = this.#fonts[kind];
    context.textAlign = kind === 'guest' ? 'center' : 'left';
    context.textBaseline = 'middle';
    context.fillStyle = kind === 'guest' ? this.#colours.paper : this.#colours.ink;
    context.fillText(text, x, y + 0.5);
    const { width } = context.measureText(text);
    const left = kind === 'guest' ? x - width / 2 : x;
    this.#touched(left, y - this.#radius * 2.2, width, this.#radius * 4.4);
  }

  /** A little more than was drawn: edges are smoothed. */
  #touched(x: number, y: number, width: number, height: number): void {
    this.#drawn.push({ x: x - 2, y: y - 2, width: width + 4, height: height + 4 });
  }
}
