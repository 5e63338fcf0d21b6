import type { Outcome } from '../record/vocabulary.ts';
import type { Dot } from './protocol.ts';
import type { Box, Point, StageLayout } from './stage-layout.ts';

/** A dot's way over the stage, leg by leg. */
export interface Flight {
  readonly dot: Dot;
  readonly legs: readonly Leg[];
  /** Milliseconds after its start: when it reaches the cache, and when the cache has the answer. */
  readonly asks: number;
  readonly knows: number;
  /** When it is over. */
  readonly ends: number;
}

interface Leg {
  readonly points: readonly Point[];
  readonly millis: number;
}

/** Where a dot is, and whether it carries the answer back. */
export interface DotPlace extends Point {
  readonly answered: boolean;
}

/** A leg where every dot can be followed by eye, and where there are many. */
const SLOW_LEG_MILLIS = 620;
const FAST_LEG_MILLIS = 340;
const SLOW_PER_SECOND = 2;
const FAST_PER_SECOND = 25;

/** How long one leg of a dot takes at so many dots per second. */
export function legMillis(perSecond: number): number {
  const share = (perSecond - SLOW_PER_SECOND) / (FAST_PER_SECOND - SLOW_PER_SECOND);
  const within = Math.min(1, Math.max(0, share));
  return SLOW_LEG_MILLIS + within * (FAST_LEG_MILLIS - SLOW_LEG_MILLIS);
}

/**
 * From the client to the worker's card, with a shared cache on to that; where the answer was not
 * known on to the database; and all the way back.
 *
 * @param index the worker's place among the cards
 */
export function flightOf(layout: StageLayout, dot: Dot, index: number, millis: number): Flight {
  const card = layout.cards[index]!;
  const out: Leg[] = [{ points: requestPath(layout, startOf(layout, dot), card), millis }];
  if (layout.shared && dot.outcome !== 'error') {
    out.push({ points: downPath(layout, card, layout.shared), millis });
  }
  const asks = sum(out);
  const missed = !isHit(dot.outcome);
  if (missed) {
    const from = layout.shared && dot.outcome !== 'error' ? layout.shared : card;
    out.push({ points: downPath(layout, from, layout.database), millis });
  }
  const back = out.toReversed().map(({ points }) => ({ points: points.toReversed(), millis }));
  const legs = [...out, ...back];
  return { dot, legs, asks, knows: missed ? sum(out) + millis : asks, ends: sum(legs) };
}

/** Where the dot is after so many milliseconds; `null`: it is back. */
export function placeAt(flight: Flight, elapsed: number): DotPlace | null {
  let left = Math.max(0, elapsed);
  for (const [index, leg] of flight.legs.entries()) {
    if (left < leg.millis) {
      const point = alongPath(leg.points, eased(left / leg.millis));
      return { ...point, answered: index >= flight.legs.length / 2 };
    }
    left -= leg.millis;
  }
  return null;
}

/** Whether the cache knew. */
export function isHit(outcome: Outcome): boolean {
  return outcome === 'hit';
}

function startOf({ hands, clients }: StageLayout, { guest, client }: Dot): Point {
  if (guest !== undefined) return guest === 0 ? hands.presenter : hands.audience;
  return clients[client % clients.length]!;
}

/** Down to what hands out connections, and from there to the top of the card. */
export function requestPath(layout: StageLayout, from: Point, card: Box): Point[] {
  const { launcher } = layout;
  const middle = card.x + card.width / 2;
  const above = layout.cards.filter(({ y }) => y < card.y);
  const lanes = lanesThrough(above, middle);
  const enter = within(launcher, from.x);
  const leave = within(launcher, lanes[0]?.x ?? middle);
  return [
    from,
    { x: enter, y: launcher.y },
    { x: leave, y: launcher.y + launcher.height },
    ...lanes,
    { x: middle, y: card.y },
  ];
}

/** From the bottom of one box to the top of another, past what stands in the way. */
export function downPath(layout: StageLayout, from: Box, to: Box): Point[] {
  const middle = from.x + from.width / 2;
  const boxes = layout.shared ? [...layout.cards, layout.shared] : layout.cards;
  const between = boxes.filter(({ y }) => y > from.y && y < to.y);
  return [
    { x: middle, y: from.y + from.height },
    ...lanesThrough(between, middle),
    { x: within(to, middle), y: to.y },
  ];
}

/** Down between the cards of each row, where that is nearest. */
function lanesThrough(cards: readonly Box[], x: number): Point[] {
  const tops = [...new Set(cards.map(({ y }) => y))].sort((a, b) => a - b);
  return tops.flatMap((top) => {
    const row = cards.filter(({ y }) => y === top);
    const lane = nearest(gapsOf(row), x);
    return [
      { x: lane, y: top },
      { x: lane, y: top + row[0]!.height },
    ];
  });
}

/** The middles of the gaps in a row of cards; beside a card that stands alone, there is room. */
function gapsOf(row: readonly Box[]): number[] {
  if (row.length === 1) return [row[0]!.x - row[0]!.width / 20];
  return row.slice(1).map(({ x }, index) => (row[index]!.x + row[index]!.width + x) / 2);
}

function nearest(values: readonly number[], x: number): number {
  return values.reduce((best, one) => (Math.abs(one - x) < Math.abs(best - x) ? one : best));
}

/** The point of a box's edge that is nearest, away from its corners. */
function within({ x, width }: Box, wanted: number): number {
  const inset = Math.min(width / 2, 12);
  return Math.min(x + width - inset, Math.max(x + inset, wanted));
}

function alongPath(points: readonly Point[], share: number): Point {
  const lengths = points.slice(1).map((point, index) => distance(points[index]!, point));
  let left = share * lengths.reduce((all, one) => all + one, 0);
  for (const [index, length] of lengths.entries()) {
    if (left <= length && length > 0)
      return between(points[index]!, points[index + 1]!, left / length);
    left -= length;
  }
  return points.at(-1)!;
}

const distance = (a: Point, b: Point) => Math.hypot(b.x - a.x, b.y - a.y);

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** Slow at both ends, as what is handed over. */
const eased = (share: number) => share * share * (3 - 2 * share);

const sum = (legs: readonly Leg[]) => legs.reduce((all, { millis }) => all + millis, 0);
