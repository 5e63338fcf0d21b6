import type { CellCode } from './protocol.ts';

/** How a cell is drawn now. */
export interface CellLook {
  readonly cache: number;
  /** From 0. */
  readonly key: number;
  readonly code: CellCode;
  /** How much it lights up for a lookup: 1 at first, 0 when that is over. */
  readonly glow: number;
  /** The entry that leaves, and how much of it is left. */
  readonly leaving: { readonly code: CellCode; readonly left: number } | null;
}

/** What happens to a cell at a time of the painter's clock. */
interface Event {
  readonly at: number;
  readonly cache: number;
  readonly key: number;
  /** Left out: it is only looked up. */
  readonly code?: CellCode;
}

interface Cell {
  readonly cache: number;
  readonly key: number;
  litAt: number;
  leftAt: number;
  leftCode: CellCode;
}

const GLOW_MILLIS = 380;
const LEAVING_MILLIS = 700;
/** Of more that wait (the page was hidden) nothing is animated. */
const MOST_WAITING = 20_000;

/**
 * What each cell shows at any time: states change when the dot that brings them has arrived, lookups
 * light up and fade, entries that leave shrink away. Knows nothing of a canvas; time is passed in.
 */
export class CellLights {
  /** By cache and key: the code that is shown. */
  #shown: Uint8Array[];
  readonly #lit = new Map<number, Cell>();
  #waiting: Event[] = [];

  /** @param cells by cache and key, as they are now */
  constructor(cells: readonly Uint8Array[]) {
    this.#shown = cells.map((cache) => cache.slice());
  }

  /** Whether anything is still to come. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** What a cell shows, with nothing in motion. */
  shown(cache: number, key: number): CellCode {
    return this.#shown[cache]![key]! as CellCode;
  }

  /** A lookup of a key, from 0. */
  flash(cache: number, key: number, at: number): void {
    this.#wait({ at, cache, key });
  }

  /** A cell shows something else from then on. */
  change(cache: number, key: number, code: CellCode, at: number): void {
    this.#wait({ at, cache, key, code });
  }

  /** Moves on to a time; gives what has to be drawn again. */
  step(now: number): CellLook[] {
    const due = this.#waiting.filter(({ at }) => at <= now);
    if (due.length > 0) {
      this.#waiting = this.#waiting.filter(({ at }) => at > now);
      for (const event of due.sort((a, b) => a.at - b.at)) this.#happen(event);
    }
    return [...this.#lit].map(([id, cell]) => {
      const look = this.#look(cell, now);
      if (look.glow === 0 && look.leaving === null) this.#lit.delete(id);
      return look;
    });
  }

  #wait(event: Event): void {
    const cache = this.#shown[event.cache];
    if (cache === undefined || event.key < 0 || event.key >= cache.length) return;
    this.#waiting.push(event);
    if (this.#waiting.length <= MOST_WAITING) return;
    for (const late of this.#waiting) this.#happen(late);
    this.#waiting = [];
  }

  #happen({ at, cache, key, code }: Event): void {
    const id = cache * 2 ** 24 + key;
    const cell = this.#lit.get(id) ?? {
      ...{ cache, key },
      ...{
        litAt: Number.NEGATIVE_INFINITY,
        leftAt: Number.NEGATIVE_INFINITY,
        leftCode: 0 as const,
      },
    };
    if (code === undefined) {
      cell.litAt = at;
    } else {
      const before = this.#shown[cache]![key] as CellCode;
      this.#shown[cache]![key] = code;
      if (code === 0 && before !== 0) Object.assign(cell, { leftAt: at, leftCode: before });
    }
    this.#lit.set(id, cell);
  }

  #look({ cache, key, litAt, leftAt, leftCode }: Cell, now: number): CellLook {
    const left = 1 - (now - leftAt) / LEAVING_MILLIS;
    return {
      ...{ cache, key, code: this.shown(cache, key) },
      glow: Math.min(1, Math.max(0, 1 - (now - litAt) / GLOW_MILLIS)),
      leaving: left > 0 && this.shown(cache, key) === 0 ? { code: leftCode, left } : null,
    };
  }
}
