import { themeColour } from '../../page/browser/theme.ts';
import { CELL_SIZE } from '../../report/residency-blocks.ts';
import { CellLights, type CellLook } from '../cell-lights.ts';
import { type Flight, flightOf, legMillis, placeAt } from '../flight.ts';
import { cacheIndex, type LiveView, sharesCache } from '../live-view.ts';
import type { CellCode, Frame } from '../protocol.ts';
import type { StageLayout } from '../stage-layout.ts';
import { fitCanvas } from './canvas.ts';
import { DotBrush } from './dot-brush.ts';

/** Dots in the air; of more than that nobody could follow one. */
const MOST_FLIGHTS = 160;
/** Between two messages at the quickest; dots of one message leave spread over it. */
const FRAME_MILLIS = 50;

interface StartedFlight extends Flight {
  readonly started: number;
}

/**
 * Draws what moves on the stage: cells on one canvas, of which only those are touched that change,
 * dots on another. Sleeps while nothing moves.
 */
export class StagePainter {
  readonly #cells: CanvasRenderingContext2D;
  readonly #brush: DotBrush;
  readonly #still: boolean;
  #layout: StageLayout | null = null;
  #view: LiveView | null = null;
  #lights = new CellLights([]);
  #flights: StartedFlight[] = [];
  #colours: readonly string[] = [];
  #ink = '';
  #awake = false;

  /** @param still nothing flies or fades: motion is unwanted */
  constructor(cells: HTMLCanvasElement, dots: HTMLCanvasElement, still: boolean) {
    this.#cells = cells.getContext('2d')!;
    this.#brush = new DotBrush(dots);
    this.#still = still;
  }

  /** Draws all cells as the view has them; dots in the air vanish. */
  show(view: LiveView, layout: StageLayout): void {
    this.#view = view;
    this.#layout = layout;
    this.#lights = new CellLights(view.cells);
    this.#flights = [];
    this.#brush.fit(layout);
    fitCanvas(this.#cells, layout);
    this.repaint();
  }

  /** Draws all cells again, in the colours of the theme. */
  repaint(): void {
    this.#colours = ['empty', 'alone', 'copy', 'spoilt'].map(themeColour);
    this.#ink = themeColour('ink');
    this.#brush.takeColours();
    if (this.#layout === null) return;
    this.#cells.clearRect(0, 0, this.#layout.width, this.#layout.height);
    for (const [cache, { shown }] of this.#layout.grids.entries()) {
      for (let key = 0; key < Math.min(shown, this.#view!.cells[cache]?.length ?? 0); key++) {
        const code = this.#lights.shown(cache, key);
        this.#drawCell({ cache, key, code, glow: 0, leaving: null });
      }
    }
    this.#wake();
  }

  /** Lets happen what a frame brings: dots leave, cells light up and change when they arrive. */
  play(view: LiveView, frame: Frame, now = performance.now()): void {
    this.#view = view;
    const flights = this.#still || document.hidden ? [] : this.#startFlights(frame, now);
    // A sample of dots would make the others wait for nobody.
    const timed = view.dotsStandFor === 1 ? byCell(flights) : new Map<string, StartedFlight>();
    const shared = sharesCache(view);
    for (const [slot, key] of frame.flashes ?? []) {
      const flight = timed.get(`${slot} ${key}`);
      const cache = shared ? 0 : cacheIndex(view, slot);
      this.#lights.flash(cache, key - 1, flight ? flight.started + flight.asks : now);
    }
    for (const [slot, key, code, why] of frame.cells ?? []) {
      const flight = why === undefined ? timed.get(`${shared ? '' : slot} ${key}`) : undefined;
      const at = flight ? flight.started + flight.knows : now;
      this.#lights.change(cacheIndex(view, slot), key - 1, code, at);
    }
    this.#wake();

    /** A shared cache's cell changes for whichever worker asked. */
    function byCell(started: readonly StartedFlight[]): Map<string, StartedFlight> {
      return new Map(
        started.flatMap((flight) => [
          [`${flight.dot.slot} ${flight.dot.key}`, flight] as const,
          [` ${flight.dot.key}`, flight] as const,
        ]),
      );
    }
  }

  #startFlights({ dots = [] }: Frame, now: number): StartedFlight[] {
    const perSecond = this.#view!.setting.ratePerSecond ?? Number.POSITIVE_INFINITY;
    const started = dots.flatMap((dot, order): StartedFlight[] => {
      const index = this.#view!.workers.findIndex(({ slot }) => slot === dot.slot);
      if (this.#layout!.cards[index] === undefined) return [];
      const flight = flightOf(this.#layout!, dot, index, legMillis(perSecond));
      return [{ ...flight, started: now + (order * FRAME_MILLIS) / dots.length }];
    });
    this.#flights = [...this.#flights, ...started].slice(-MOST_FLIGHTS);
    return started;
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    const looks = this.#lights.step(now);
    for (const look of looks) this.#drawCell(look);
    this.#brush.clear();
    this.#flights = this.#flights.filter(({ started, ends }) => now - started < ends);
    const labelled =
      (this.#view!.setting.ratePerSecond ?? Number.POSITIVE_INFINITY) <= MOST_LABELLED;
    for (const flight of this.#flights) {
      const place = placeAt(flight, now - flight.started);
      if (place && now >= flight.started)
        this.#brush.draw(flight, place, labelled, now - flight.started);
    }
    this.#awake = looks.length > 0 || this.#flights.length > 0 || this.#lights.waits;
    if (this.#awake) requestAnimationFrame((next) => this.#draw(next));
  }

  #drawCell({ cache, key, code, glow, leaving }: CellLook): void {
    const grid = this.#layout!.grids[cache];
    // The layout for another fleet comes a moment after its first message.
    if (grid === undefined || key >= grid.shown) return;
    const { x, y, columns, pitch } = grid;
    const context = this.#cells;
    const left = x + (key % columns) * pitch;
    const top = y + Math.floor(key / columns) * pitch;
    const size = cellSize(pitch);
    context.clearRect(left, top, pitch, pitch);
    this.#square(code, left, top, size, 1);
    if (leaving && !this.#still) {
      context.globalAlpha = leaving.left;
      this.#square(leaving.code, left, top, size, leaving.left);
    }
    if (glow > 0) {
      context.globalAlpha = this.#still ? 0.5 : 0.85 * glow;
      context.fillStyle = this.#ink;
      context.fillRect(left, top, size, size);
    }
    context.globalAlpha = 1;
  }

  /** A state's colour; what is out of date is a dot, so that it is told without colour, too. */
  #square(code: CellCode, left: number, top: number, size: number, share: number): void {
    const drawn = Math.max(1, Math.round(size * share * (code === SPOILT ? 0.5 : 1)));
    const inset = Math.round((size - drawn) / 2);
    this.#cells.fillStyle = this.#colours[code]!;
    this.#cells.fillRect(left + inset, top + inset, drawn, drawn);
  }
}

const SPOILT = 3;
/** Up to so many per second a dot can be read, and says which user it is for. */
const MOST_LABELLED = 6;

function cellSize(pitch: number): number {
  return Math.max(1, Math.min(pitch - 1, Math.round(pitch * CELL_SIZE)));
}
