import type { GrafanaTheme2 } from '@grafana/data';
import type { UPlotConfigBuilder } from '@grafana/ui';
import type { Annotation } from './model.ts';
import { queryRange } from './prometheus.ts';

/** A time in which an annotation's query gave something, in seconds. */
export interface Mark {
  readonly color: string;
  readonly from: number;
  readonly to: number;
}

/** Asks for the marks of a dashboard. Neighbouring points are one mark, as in Grafana. */
export async function readMarks(
  annotations: readonly Annotation[],
  { end, start, step }: { readonly start: number; readonly end: number; readonly step: number },
): Promise<readonly Mark[]> {
  const marks: Mark[] = [];
  for (const { expr, iconColor } of annotations) {
    if (!expr) continue;
    for (const { points } of await queryRange(expr, start, end, step)) {
      for (const [at] of points) {
        const before = marks.at(-1);
        if (before?.color === iconColor && at > before.to && at - before.to <= step * 1.5)
          marks[marks.length - 1] = { ...before, to: at };
        else marks.push({ color: iconColor, from: at, to: at });
      }
    }
  }
  return marks;
}

/** Draws a dashed line where a mark begins and ends, and a bar below the graph between them. */
export function drawMarks(builder: UPlotConfigBuilder, marks: readonly Mark[], theme: GrafanaTheme2): void {
  builder.addHook('draw', (plot) => {
    const { ctx } = plot;
    const { height, left, top, width } = plot.bbox;
    const place = (time: number) => Math.min(left + width, Math.max(left, plot.valToPos(time * 1000, 'x', true)));
    ctx.save();
    ctx.setLineDash([4, 4]);
    for (const { color, from, to } of marks) {
      const shown = theme.visualization.getColorByName(color);
      ctx.strokeStyle = shown;
      ctx.fillStyle = shown;
      ctx.fillRect(place(from), top + height, Math.max(2, place(to) - place(from)), 3);
      for (const x of new Set([place(from), place(to)])) {
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, top + height);
        ctx.stroke();
      }
    }
    ctx.restore();
  });
}
