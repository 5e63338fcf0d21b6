import { annotationLine } from './chart-look.ts';
import { drawnCharts } from './charts.ts';
import { embeddedCharts } from './embedded.ts';
import { followPosition } from './position.ts';

/** Draws the scrubber's position into every chart that runs over the requests. */
export function startRunCursor(requests: number): void {
  const figures = embeddedCharts();
  followPosition((position) => {
    for (const [id, chart] of drawnCharts) {
      const figure = figures[id]!;
      if (figure.kind !== 'lines' || !figure.followsScrubber) continue;
      const { annotations } = chart.options.plugins!.annotation!;
      if (position >= requests || position <= 0) delete annotations.cursor;
      else annotations.cursor = annotationLine({ x: position }, { colour: 'accent' });
      chart.update('none');
    }
  });
}
