import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { workerColour } from '../../figures/figure.ts';
import { rem } from '../../page/browser/chart-look.ts';
import { onThemeChange } from '../../page/browser/theme.ts';
import { count, counted, wholePercent } from '../../record/format.ts';
import { type LiveView, sharesCache } from '../live-view.ts';
import type { WorkerState } from '../protocol.ts';
import { launcherWords, ROUTING_WORDS } from '../sentence.ts';
import { type Box, type StageLayout, stageLayout } from '../stage-layout.ts';
import type { LabConnection } from './connection.ts';
import { StageLines } from './stage-lines.tsx';
import { StagePainter } from './stage-painter.ts';

interface StageProps {
  readonly lab: LabConnection;
  readonly view: LiveView;
  /** The worker that commands are for. */
  readonly chosen: number | null;
}

/** The fleet: clients, launcher, a card per worker, the database; what moves is painted over it. */
export function Stage({ lab, view, chosen }: StageProps) {
  const place = useRef<HTMLDivElement>(null);
  const layout = useStageLayout(place, view);
  const canvases = usePainter(lab, layout);
  const { setting, totals, workers, busy } = view;
  const kept = layout?.shared ? view.cells[0] : undefined;
  return (
    <section class="stage" aria-label="The fleet">
      <div class="stage-place" ref={place}>
        {layout && (
          <div class="stage-parts" style={{ height: px(layout.height) }}>
            <StageLines layout={layout} audience={view.audience !== null} />
            <p class="launcher" style={boxStyle(layout.launcher)}>
              <b>{launcherWords(setting.launcher)}</b> <span>{ROUTING_WORDS[setting.routing]}</span>
            </p>
            {workers.map((worker, index) => (
              <WorkerCard
                key={worker.slot}
                {...{ worker, chosen: worker.slot === chosen, own: !layout.shared }}
                compact={layout.compact}
                box={layout.cards[index]}
                kill={() => lab.send({ do: 'kill', slot: worker.slot })}
              />
            ))}
            {layout.shared && (
              <article
                class="card shared"
                style={boxStyle(layout.shared)}
                data-slot="0"
                aria-label="the shared cache"
              >
                <b class="slot">{setting.backend}</b>
                <span class="pid">one cache for all</span>
                <span class="entries">
                  {counted(kept?.filter((code) => code !== 0).length ?? 0, 'entry', 'entries')}
                </span>
              </article>
            )}
            <p class="database" style={boxStyle(layout.database)}>
              database{' '}
              <span>
                <b>{count(totals.originPerSecond)}</b> queries/s
              </span>
            </p>
            {busy !== null && <p class="busy">{busy}</p>}
          </div>
        )}
        <div class="canvases" aria-hidden="true">
          <canvas ref={canvases.cells} />
          <canvas ref={canvases.dots} />
        </div>
      </div>
    </section>
  );
}

interface CardProps {
  readonly worker: WorkerState;
  readonly chosen: boolean;
  /** Whether the worker has a cache of its own. */
  readonly own: boolean;
  /** Whether there is no room for a rate that is large. */
  readonly compact: boolean;
  readonly box: Box | undefined;
  readonly kill: () => void;
}

/** A worker; its cells are painted over the middle of the card. */
function WorkerCard({ worker, chosen, own, compact, box, kill }: CardProps) {
  const { slot, pid, alive, entries, rssBytes, recentHitRate } = worker;
  // Between two layouts there may be a worker that has no place yet.
  if (box === undefined) return null;
  const looks = { gone: !alive, chosen, compact };
  const look = Object.entries(looks).flatMap(([name, has]) => (has ? [name] : []));
  return (
    <article
      class={['card', ...look].join(' ')}
      style={boxStyle(box)}
      data-slot={slot}
      aria-label={`worker ${slot}`}
    >
      <b class={`slot worker ${workerColour(slot)}`}>{slot}</b>
      <span class="pid">{alive ? pid : 'gone'}</span>
      <span class="card-rate">{wholePercent(recentHitRate)}</span>
      {own && <span class="entries">{counted(entries, 'entry', 'entries')}</span>}
      <span class="memory">{rssBytes > 0 && `${count(rssBytes / 2 ** 20)}\u00a0MiB`}</span>
      {alive && (
        <button type="button" class="kill" onClick={kill} aria-label={`Kill worker ${slot}`}>
          <span aria-hidden="true">kill</span>
        </button>
      )}
    </article>
  );
}

/** Lays the stage out anew when its place or what it has to hold changes. */
function useStageLayout(place: { readonly current: HTMLElement | null }, view: LiveView) {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize((now) => (now?.width === width && now.height === height ? now : { width, height }));
    });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [place]);
  const { keys, clients } = view.setting;
  const workers = view.workers.length;
  const shared = sharesCache(view);
  const kept = useRef<{ id: string; layout: StageLayout } | null>(null);
  if (size === null) return null;
  const id = JSON.stringify([size, keys, clients, workers, shared]);
  if (kept.current?.id !== id) {
    kept.current = {
      id,
      layout: stageLayout({ ...size, rem: rem(1), workers, keys, clients, shared }),
    };
  }
  return kept.current.layout;
}

/** Has the painter follow every message, and the layout. */
function usePainter(lab: LabConnection, layout: StageLayout | null) {
  const cells = useRef<HTMLCanvasElement>(null);
  const dots = useRef<HTMLCanvasElement>(null);
  const painter = useRef<StagePainter | null>(null);
  const current = useRef(layout);
  current.current = layout;
  useLayoutEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    painter.current = new StagePainter(cells.current!, dots.current!, still);
    onThemeChange(() => painter.current!.repaint());
    return lab.onMessage((message, view) => {
      if (current.current === null) return;
      // A whole may be of another fleet, whose layout comes with the next rendering.
      if (message.is === 'whole') painter.current!.show(view, current.current);
      else painter.current!.play(view, message);
    });
  }, [lab]);
  useLayoutEffect(() => {
    if (layout !== null) painter.current!.show(lab.view!, layout);
  }, [lab, layout]);
  return { cells, dots };
}

const px = (length: number) => `${length}px`;

function boxStyle({ x, y, width, height }: Box) {
  return { left: px(x), top: px(y), width: px(width), height: px(height) };
}
