import { GAP } from '../report/residency-blocks.ts';

/** Where the stage has its parts, in CSS pixels from its upper left corner. */
export interface StageLayout {
  readonly width: number;
  /** As high as the place, or higher where it is too small for the cards. */
  readonly height: number;
  /** The clients at the top, left to right. */
  readonly clients: readonly Point[];
  /** From where requests made by hand leave: the presenter's, the audience's. */
  readonly hands: { readonly presenter: Point; readonly audience: Point };
  /** What hands out connections. */
  readonly launcher: Box;
  /** Cards are too narrow for a large rate below their cells: it stands in their head. */
  readonly compact: boolean;
  /** A card per worker, in the order of slots. */
  readonly cards: readonly Box[];
  /** The card of the cache that all share, where there is one. */
  readonly shared: Box | null;
  /** The cells of each cache: of each worker's, or of the shared one alone. */
  readonly grids: readonly Grid[];
  readonly database: Box;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Cells in rows; key 1 is the first of the first row, in every grid of a stage. */
export interface Grid extends Point {
  readonly columns: number;
  readonly rows: number;
  /** From one cell to the next; the cell itself is `CELL_SIZE` of it. */
  readonly pitch: number;
  /** Keys that have a cell: all, or as many as fit. */
  readonly shown: number;
}

/** What a stage has to hold. */
export interface StageContent {
  readonly width: number;
  readonly height: number;
  /** Pixels of a rem: the type that cards are written in. */
  readonly rem: number;
  readonly workers: number;
  readonly keys: number;
  readonly clients: number;
  /** Whether all workers share one cache. */
  readonly shared: boolean;
}

/** Clients that are drawn; of more, the first. */
export const MOST_CLIENTS = 48;
/** A smaller cell could not be told from its neighbour. */
const SMALLEST_PITCH = 3;
/** A larger one would say that few keys are much. */
const LARGEST_PITCH_REM = 1.5;

/** Everything in rem: what a card's texts need, and the room that dots fly through. */
const SIZES = {
  margin: 0.25,
  clients: 1.9,
  launcher: 1.5,
  database: 2.6,
  /** Between clients and launcher. */
  hop: 0.8,
  /** Above the cards, and below them. */
  flight: 1.9,
  gap: 0.8,
  /** In a card: above its cells, below them, and to both sides. */
  above: 1.9,
  below: 3.5,
  belowCompact: 3,
  belowShared: 1.7,
  side: 0.55,
  widestCard: 24,
  lowestCells: 2.6,
  shared: 7,
} as const;

/** A card narrower than this is compact. */
const COMPACT_REM = 9;
/** A place narrower than this has two cards in a row, and grows downwards. */
const NARROW_REM = 32;

/** Lays the stage out: cards in one row or two, or in pairs where the place is narrow. */
export function stageLayout(content: StageContent): StageLayout {
  const { width, rem, workers } = content;
  const size = sizesIn(rem);
  const perRow = cardsPerRow(workers, width / rem);
  const rows = Math.ceil(workers / perRow);
  const cardWidth = Math.min(
    size.widestCard,
    (width - 2 * size.margin - (perRow - 1) * size.gap) / perRow,
  );
  const compact = cardWidth < COMPACT_REM * rem;
  const below = compact ? size.belowCompact : size.below;
  const launcherTop = size.margin + size.clients + size.hop;
  const cardsTop = launcherTop + size.launcher + size.flight;
  const underCards =
    size.flight + (content.shared ? size.shared + size.flight : 0) + size.database + size.margin;
  const lowest = size.above + below + (content.shared ? 0 : size.lowestCells);
  const gaps = (rows - 1) * size.gap;
  const room = Math.max(content.height - cardsTop - underCards, rows * lowest + gaps);
  const cardHeight = content.shared ? lowest : (room - gaps) / rows;
  const cards = cardBoxes(content, { perRow, top: cardsTop, width: cardWidth, height: cardHeight });
  const cardsBottom = cardsTop + rows * cardHeight + gaps;
  const shared = content.shared
    ? {
        ...centred(width, 30 * rem, size.margin),
        y: cardsBottom + size.flight,
        height: size.shared + room - (cardsBottom - cardsTop),
      }
    : null;
  const databaseTop = (shared ? shared.y + shared.height : cardsBottom) + size.flight;
  return {
    width,
    height: databaseTop + size.database + size.margin,
    ...clientPlaces(content, size.margin + size.clients / 2),
    launcher: { ...across(cards), y: launcherTop, height: size.launcher },
    ...{ compact, cards, shared },
    grids: shared ? gridsIn(content, [shared], size.belowShared) : gridsIn(content, cards, below),
    database: { ...centred(width, 20 * rem, size.margin), y: databaseTop, height: size.database },
  };
}

/** Cards side by side; `width` in rem. */
function cardsPerRow(workers: number, width: number): number {
  if (width < NARROW_REM) return Math.min(2, workers);
  return workers <= 5 ? workers : Math.ceil(workers / 2);
}

function cardBoxes(
  { width: stage, rem, workers }: StageContent,
  { perRow, top, width, height }: { perRow: number; top: number; width: number; height: number },
): Box[] {
  const { gap } = sizesIn(rem);
  return Array.from({ length: workers }, (_, index) => {
    const row = Math.floor(index / perRow);
    const inRow = Math.min(perRow, workers - row * perRow);
    const left = (stage - inRow * width - (inRow - 1) * gap) / 2;
    return {
      x: left + (index % perRow) * (width + gap),
      y: top + row * (height + gap),
      ...{ width, height },
    };
  });
}

/** The clients stand between the two hands, which have the ends of the row. */
function clientPlaces({ width, rem, clients }: StageContent, y: number) {
  const count = Math.min(MOST_CLIENTS, Math.max(1, clients));
  const left = 4.5 * rem;
  const room = width - 2 * left;
  const pitch = Math.min(1.6 * rem, count > 1 ? room / (count - 1) : room);
  const first = (width - pitch * (count - 1)) / 2;
  return {
    clients: Array.from({ length: count }, (_, index) => ({ x: first + index * pitch, y })),
    hands: { presenter: { x: 2 * rem, y }, audience: { x: width - 2 * rem, y } },
  };
}

/** Equal grids in boxes of equal size, with the largest cells that fit. */
function gridsIn({ rem, keys }: StageContent, boxes: readonly Box[], below: number): Grid[] {
  const { above, side } = sizesIn(rem);
  return boxes.map((box) => {
    const room = { width: box.width - 2 * side, height: box.height - above - below };
    const { columns, pitch, shown } = gridFor(keys, room, LARGEST_PITCH_REM * rem);
    const rows = Math.ceil(shown / columns);
    return {
      x: Math.round(box.x + (box.width - (columns - GAP) * pitch) / 2),
      y: Math.round(box.y + above + (room.height - (rows - GAP) * pitch) / 2),
      ...{ columns, rows, pitch, shown },
    };
  });
}

/** The columns that give the largest cells. */
export function gridFor(
  keys: number,
  room: { readonly width: number; readonly height: number },
  largest: number,
): Pick<Grid, 'columns' | 'pitch' | 'shown'> {
  const pitchOf = (columns: number) =>
    Math.min(largest, room.width / columns, room.height / Math.ceil(keys / columns));
  const guess = Math.sqrt((keys * room.width) / Math.max(1, room.height));
  const around = [
    Math.floor(guess) - 1,
    Math.floor(guess),
    Math.ceil(guess),
    Math.ceil(guess) + 1,
  ].map((columns) => Math.min(keys, Math.max(1, columns)));
  const columns = around.reduce((best, one) => (pitchOf(one) > pitchOf(best) ? one : best));
  // Whole pixels, so that all cells are alike.
  const pitch = Math.floor(pitchOf(columns));
  if (pitch >= SMALLEST_PITCH) return { columns, pitch, shown: keys };
  const most = Math.max(1, Math.floor(room.width / SMALLEST_PITCH));
  const rows = Math.max(1, Math.floor(room.height / SMALLEST_PITCH));
  return { columns: most, pitch: SMALLEST_PITCH, shown: Math.min(keys, most * rows) };
}

/** From the first card of a row to its last. */
function across(cards: readonly Box[]) {
  const right = Math.max(...cards.map(({ x, width }) => x + width));
  return { x: cards[0]!.x, width: right - cards[0]!.x };
}

/** As wide as wanted, in the middle, never wider than the stage. */
function centred(stage: number, wanted: number, margin: number) {
  const width = Math.min(wanted, stage - 2 * margin);
  return { x: (stage - width) / 2, width };
}

function sizesIn(rem: number): Record<keyof typeof SIZES, number> {
  return Object.fromEntries(
    Object.entries(SIZES).map(([name, size]) => [name, size * rem]),
  ) as Record<keyof typeof SIZES, number>;
}
