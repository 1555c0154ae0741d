import {
  createDataFrame,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  FieldType,
  LoadingState,
  type MetricFindValue,
} from '@grafana/data';
import { RuntimeDataSource, type SceneObject, sceneGraph } from '@grafana/scenes';
import { from, type Observable } from 'rxjs';
import type { Target } from './model.ts';
import { labelValues, queryAt, queryRange, type Series } from './prometheus.ts';

export const UID = 'prometheus';

const seconds = (date: { valueOf(): number }): number => date.valueOf() / 1000;

/** What a data source of Prometheus does in Grafana, with a real one behind it. */
export class PrometheusDataSource extends RuntimeDataSource {
  readonly #interval: number;
  readonly #complain: (text: string) => void;

  /** `interval`: seconds between two scrapes. */
  constructor(interval: number, complain: (text: string) => void) {
    super('prometheus', UID);
    this.#interval = interval;
    this.#complain = complain;
  }

  override query(request: DataQueryRequest): Observable<DataQueryResponse> {
    const answer = Promise.all(request.targets.map((target) => this.#run(target as unknown as Target, request)));
    return from(
      answer.then(
        (frames) => ({ state: LoadingState.Done, data: frames.flat() }),
        (error: Error) => {
          this.#complain(error.message);
          return { state: LoadingState.Error, data: [], errors: [{ message: error.message }] };
        },
      ),
    );
  }

  async #run(target: Target, request: DataQueryRequest): Promise<DataFrame[]> {
    const start = seconds(request.range.from);
    const end = seconds(request.range.to);
    const step = Math.max(this.#interval, Math.ceil((end - start) / Math.min(request.maxDataPoints ?? 800, 800)));
    const query = interpolate(sceneOf(request.scopedVars), target.expr, {
      __interval: `${step}s`,
      // As with scrapes every 15 s: some sources are read every ten at most.
      __rate_interval: `${Math.max(step + this.#interval, 60)}s`,
      __range: `${Math.round(end - start)}s`,
    });
    const series = target.instant ? await queryAt(query, end) : await queryRange(query, start, end, step);
    if (target.format === 'table') return [tableOf(series, target.refId, request.targets.length > 1)];
    return series.map((one) => frameOf(one, target, step));
  }

  override async metricFindQuery(query: unknown, options?: { scopedVars?: object }): Promise<MetricFindValue[]> {
    const text = typeof query === 'string' ? query : (query as { query: string }).query;
    const values = await labelValues(interpolate(sceneOf(options?.scopedVars), text, {}));
    return values.map((value) => ({ text: value }));
  }

  override testDatasource() {
    return Promise.resolve({ status: 'success', message: '' });
  }
}

const sceneOf = (scoped: unknown): SceneObject =>
  (scoped as { __sceneObject: { value: { valueOf(): SceneObject } } }).__sceneObject.value.valueOf();

/** Several values become an alternative, as Grafana's own data source does it. */
function interpolate(scene: SceneObject, text: string, builtIn: Readonly<Record<string, string>>): string {
  const scoped = Object.fromEntries(Object.entries(builtIn).map(([name, value]) => [name, { value, text: value }]));
  return sceneGraph.interpolate(scene, text, scoped, (value: unknown) =>
    Array.isArray(value) ? `(${value.join('|')})` : String(value),
  );
}

const nameOf = ({ legendFormat = '' }: Target, { metric }: Series): string =>
  legendFormat === ''
    ? JSON.stringify(metric)
    : legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');

/** A series over time. */
function frameOf(series: Series, target: Target, step: number): DataFrame {
  const name = nameOf(target, series);
  return createDataFrame({
    refId: target.refId,
    name,
    fields: [
      {
        name: 'Time',
        type: FieldType.time,
        config: { interval: step * 1000 },
        values: series.points.map(([at]) => at * 1000),
      },
      {
        name: 'Value',
        type: FieldType.number,
        labels: series.metric,
        config: { displayNameFromDS: name },
        values: series.points.map(([, value]) => Number(value)),
      },
    ],
  });
}

/** A row for each series, a column for each label; the value is `Value`, or `Value #A` beside others. */
function tableOf(series: readonly Series[], refId: string, isOneOfMany: boolean): DataFrame {
  if (series.length === 0 && !isOneOfMany) return createDataFrame({ refId, fields: [] });
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].toSorted();
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: series.map(({ points }) => (points[0]?.[0] ?? 0) * 1000) },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        values: series.map(({ metric }) => metric[label] ?? ''),
      })),
      {
        name: isOneOfMany ? `Value #${refId}` : 'Value',
        type: FieldType.number,
        values: series.map(({ points }) => Number(points[0]?.[1])),
      },
    ],
  });
}
