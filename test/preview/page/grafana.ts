import * as data from '@grafana/data';
import {
  createTheme,
  type DataQueryRequest,
  type DataSourceApi,
  EventBusSrv,
  type FieldConfigPropertyItem,
  type GrafanaTheme2,
  LoadingState,
  type PanelData,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
} from '@grafana/data';
import * as runtime from '@grafana/runtime';
import { concat, map, type Observable, of } from 'rxjs';
import { type PrometheusDataSource, UID } from './data-source.ts';

/** Thresholds of what has none. */
const NO_THRESHOLDS = { mode: 'absolute', steps: [{ value: Number.NEGATIVE_INFINITY, color: 'green' }] };

/**
 * What Grafana's core registers before a scene can be drawn, and is not in its packages: the one data source, how a
 * query is run, the standard options of fields, the transformations. Returns the dark theme.
 */
export function prepare(source: PrometheusDataSource): GrafanaTheme2 {
  const theme = createTheme({ colors: { mode: 'dark' } });
  Object.assign(runtime.config, {
    theme2: theme,
    theme: theme.v1,
    bootData: { user: { timezone: 'utc', weekStart: 'monday', orgRole: 'Viewer' }, settings: {}, navTree: [] },
  });
  const settings = { uid: UID, name: 'Prometheus', type: 'prometheus', meta: { id: 'prometheus' } };
  Object.assign(source, { meta: settings.meta, name: settings.name });
  runtime.setDataSourceSrv({
    get: async () => source,
    getList: () => [settings],
    getInstanceSettings: () => settings,
    reload: () => undefined,
    registerRuntimeDataSource: () => undefined,
  } as unknown as runtime.DataSourceSrv);
  runtime.setPluginImportUtils({
    importPanelPlugin: (id) => Promise.reject(new Error(`panels of the kind ${id} cannot be drawn`)),
    getPanelPluginFromCache: () => undefined,
  });
  runtime.setRunRequest(runRequest as Parameters<typeof runtime.setRunRequest>[0]);
  (runtime as unknown as { setAppEvents(bus: EventBusSrv): void }).setAppEvents(new EventBusSrv());
  standardTransformersRegistry.setInit(
    () =>
      // Some are there under several names.
      [...new Map(Object.values(standardTransformers).map((one) => [one.id, one])).values()].map((transformation) => ({
        id: transformation.id,
        name: transformation.name,
        transformation: () => Promise.resolve(transformation),
        editor: () => null,
      })) as never,
  );
  standardFieldConfigEditorRegistry.setInit(() => standardOptions);
  standardEditorsRegistry.setInit(() => []);
  return theme;
}

/** First that it loads, then what came. */
function runRequest(source: DataSourceApi, request: DataQueryRequest): Observable<PanelData> {
  const timeRange = request.range;
  const answer = (source.query(request) as unknown as Observable<data.DataQueryResponse>).pipe(
    map(
      ({ data: series, errors, state = LoadingState.Done }): PanelData => ({
        state,
        series,
        timeRange,
        request,
        ...(errors ? { errors } : {}),
      }),
    ),
  );
  return concat(of({ state: LoadingState.Loading, series: [], timeRange }), answer);
}

type Process = FieldConfigPropertyItem['process'];

const option = (id: string, process: Process, defaultValue?: unknown): FieldConfigPropertyItem => ({
  id,
  path: id,
  name: id,
  editor: () => null,
  override: () => null,
  process,
  settings: {},
  defaultValue,
  shouldApply: () => true,
});

const standardOptions: FieldConfigPropertyItem[] = [
  option('unit', data.unitOverrideProcessor),
  option('min', data.numberOverrideProcessor),
  option('max', data.numberOverrideProcessor),
  option('fieldMinMax', data.identityOverrideProcessor),
  option('decimals', data.numberOverrideProcessor),
  option('displayName', data.displayNameOverrideProcessor),
  option('color', data.identityOverrideProcessor),
  option('noValue', data.identityOverrideProcessor),
  option('links', data.dataLinksOverrideProcessor),
  option('mappings', data.valueMappingsOverrideProcessor, []),
  option('thresholds', data.thresholdsOverrideProcessor, NO_THRESHOLDS),
  option('filterable', data.booleanOverrideProcessor),
];
