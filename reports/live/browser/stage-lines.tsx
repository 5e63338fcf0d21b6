import { rem } from '../../page/browser/chart-look.ts';
import { downPath, requestPath } from '../flight.ts';
import type { Point, StageLayout } from '../stage-layout.ts';

/** The ways that dots fly, and where they leave from: what stands still under the cards. */
export function StageLines({ layout, audience }: { layout: StageLayout; audience: boolean }) {
  const { clients, hands, launcher, cards, shared, database } = layout;
  const middle = { x: launcher.x + launcher.width / 2, y: launcher.y };
  const under = shared ?? database;
  const spacing = clients.length > 1 ? clients[1]!.x - clients[0]!.x : rem(1);
  return (
    <svg class="stage-lines" width={layout.width} height={layout.height} aria-hidden="true">
      {cards.map((card) => (
        <path
          key={`${card.x} ${card.y}`}
          d={
            pathOf(requestPath(layout, middle, card).slice(2)) +
            pathOf(downPath(layout, card, under))
          }
        />
      ))}
      {shared && <path d={pathOf(downPath(layout, shared, database))} />}
      {clients.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r={Math.min(rem(0.3), spacing / 2.6)} />
      ))}
      <Hand at={hands.presenter} name="you" />
      {audience && <Hand at={hands.audience} name="audience" />}
    </svg>
  );
}

function Hand({ at, name }: { at: Point; name: string }) {
  return (
    <text x={at.x} y={at.y} dy=".35em">
      {name}
    </text>
  );
}

const pathOf = (points: readonly Point[]) => `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`;
