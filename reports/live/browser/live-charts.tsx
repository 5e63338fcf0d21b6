import {
  Chart,
  type ChartConfiguration,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LineChart } from '../../figures/figure.ts';
import { setChartLook } from '../../page/browser/chart-look.ts';
import { DASHES, lineConfiguration } from '../../page/browser/line-chart.ts';
import { onThemeChange } from '../../page/browser/theme.ts';
import { inWords } from '../../record/format.ts';
import { hitRateChart, lastEvent, originChart } from '../live-charts.ts';
import type { LiveView } from '../live-view.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale);
Chart.register(Filler, Tooltip, annotation);
// As the library's own script would: `Chart.getChart(canvas)` on the console tells what is drawn.
Object.assign(globalThis, { Chart });

/** What the fleet did in the last minute; drawn once per second. */
export function LiveCharts({ view }: { view: LiveView }) {
  return (
    <section class="charts" aria-label="The last minute">
      <LiveChart id="hit-rates" title="Hit rate, 60 s" figure={hitRateChart(view)} />
      <LiveChart id="origin" title="Database queries/s" figure={originChart(view)} />
      <p class="last-event">{lastEvent(view.history)}</p>
    </section>
  );
}

function LiveChart({ id, title, figure }: { id: string; title: string; figure: LineChart }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart | null>(null);
  const drawn = useRef('');
  const latest = useRef(figure);
  latest.current = figure;
  useLayoutEffect(() => {
    setChartLook();
    chart.current = new Chart(canvas.current!, configurationOf(latest.current));
    onThemeChange(() => {
      setChartLook();
      draw(chart.current!, latest.current);
    });
  }, []);
  useLayoutEffect(() => {
    const now = JSON.stringify(figure);
    if (now === drawn.current) return;
    drawn.current = now;
    draw(chart.current!, figure);
  });
  return (
    <figure class="live-chart" id={id}>
      <figcaption>
        {title}
        <span class="line-keys">
          {figure.series.map(({ name, colour, dash, strong }) => (
            <span key={name}>
              <svg viewBox="0 0 20 6" aria-hidden="true">
                <path
                  class={strong ? 'strong' : ''}
                  style={{ stroke: `var(--c-${colour})` }}
                  stroke-dasharray={DASHES[dash ?? 'solid'].join(' ')}
                  d="M0 3h20"
                />
              </svg>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot">
        <canvas ref={canvas} role="img" aria-label={described(title, figure)} />
      </div>
    </figure>
  );
}

function draw(chart: Chart, figure: LineChart): void {
  const { data, options } = configurationOf(figure);
  chart.data = data;
  chart.options = options!;
  chart.update('none');
}

/** As in a report, but for the legend, which has its place beside the title. */
function configurationOf(figure: LineChart): ChartConfiguration {
  const { options, ...rest } = lineConfiguration(figure);
  const plugins = { ...options!.plugins, legend: { display: false } };
  return { ...rest, options: { ...options!, plugins } };
}

/** The newest value of each line, in words. */
function described(title: string, { series, y }: LineChart): string {
  const now = series.map(({ name, points }) => `${name} ${inWords(points.at(-1)?.[1], y.format)}`);
  return `${title}: ${now.join(', ')}`;
}
