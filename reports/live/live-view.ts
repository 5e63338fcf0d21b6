import { BACKENDS } from '../record/vocabulary.ts';
import {
  CELL_CODES,
  type CellChange,
  type Dot,
  type Frame,
  type LiveMessage,
  type Second,
  type Whole,
  type WorkerState,
} from './protocol.ts';

/** All that the presenter's page shows, made from messages alone. */
export interface LiveView extends Omit<Whole, 'cells'> {
  /** By cache (see {@link cacheIndex}) and by key from 0: an index into {@link CELL_CODES}. */
  readonly cells: readonly Uint8Array[];
  /** A message was missed: what is shown is old until the next whole. */
  readonly behind: boolean;
  /** How many responses each dot stands for. */
  readonly dotsStandFor: number;
  /** A sentence for the presenter, with the number of the message that it came with. */
  readonly said: { readonly text: string; readonly number: number } | null;
  /** The last response to a request that the presenter made by hand. */
  readonly lastAsked: Dot | null;
}

/** Seconds that the charts show. */
export const HISTORY_SECONDS = 60;

/**
 * What the page shows after a message. A frame that does not follow the one before changes nothing
 * but `behind`; only a whole makes up for it.
 */
export function reduce(view: LiveView | null, message: LiveMessage): LiveView | null {
  if (message.is === 'whole') return fromWhole(view, message);
  if (view === null || view.behind) return view;
  if (message.number !== view.number + 1) return { ...view, behind: true };
  return withFrame(view, message);
}

/** Which of the view's caches a worker has; slot 0 is the one that all share. */
export function cacheIndex({ workers }: Pick<Whole, 'workers'>, slot: number): number {
  return slot === 0 ? 0 : workers.findIndex((worker) => worker.slot === slot);
}

/** Whether all workers share one cache. */
export function sharesCache({ setting }: Pick<Whole, 'setting'>): boolean {
  return BACKENDS[setting.backend].caches === 'one';
}

function fromWhole(view: LiveView | null, whole: Whole): LiveView {
  return {
    ...whole,
    cells: whole.cells.map((codes) =>
      Uint8Array.from(codes, (code) => Math.max(0, CELL_CODES.indexOf(code))),
    ),
    history: whole.history.slice(-HISTORY_SECONDS),
    behind: false,
    dotsStandFor: view?.dotsStandFor ?? 1,
    said: view?.said ?? null,
    lastAsked: view?.lastAsked ?? null,
  };
}

function withFrame(view: LiveView, frame: Frame): LiveView {
  const { number, dotsStandFor = view.dotsStandFor, said } = frame;
  const { totals, setting, act, audience, busy, saved } = { ...view, ...frame };
  return {
    ...view,
    ...{ number, dotsStandFor, totals, setting, act, audience, busy, saved },
    workers: frame.workers ? withWorkers(view.workers, frame.workers) : view.workers,
    cells: frame.cells ? withCells(view, frame.cells) : view.cells,
    history: frame.second ? withSecond(view.history, frame.second) : view.history,
    said: said === undefined ? view.said : { text: said, number },
    lastAsked: frame.dots?.findLast(({ guest }) => guest === 0) ?? view.lastAsked,
  };
}

function withWorkers(all: readonly WorkerState[], changed: readonly WorkerState[]) {
  return all.map((worker) => changed.find(({ slot }) => slot === worker.slot) ?? worker);
}

function withCells(view: LiveView, changes: readonly CellChange[]): Uint8Array[] {
  const cells = [...view.cells];
  const copied = new Set<number>();
  for (const [slot, key, code] of changes) {
    const index = cacheIndex(view, slot);
    const cache = cells[index];
    // A cache that is not there any more, or a key beyond it: the next whole knows better.
    if (cache === undefined || key < 1 || key > cache.length) continue;
    if (!copied.has(index)) {
      cells[index] = cache.slice();
      copied.add(index);
    }
    cells[index]![key - 1] = code;
  }
  return cells;
}

function withSecond(history: readonly Second[], second: Second): Second[] {
  return [...history, second].slice(-HISTORY_SECONDS);
}
