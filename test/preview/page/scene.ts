import {
  ConstantVariable,
  DataSourceVariable,
  EmbeddedScene,
  QueryVariable,
  SceneControlsSpacer,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
} from '@grafana/scenes';
import { VariableHide } from '@grafana/schema';
import { UID } from './data-source.ts';
import type { Order, Panel, Variable } from './model.ts';

const datasource = { uid: UID, type: 'prometheus' };

/** The scene of a dashboard of the classic model. */
export function sceneOf({ choices, dashboard, from }: Order): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: from ?? dashboard.time.from, to: 'now', timeZone: 'utc' }),
    $variables: new SceneVariableSet({
      variables: dashboard.templating.list.map((variable) => variableOf(variable, choices[variable.name])),
    }),
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({}),
    ],
    body: new SceneGridLayout({ children: rowsOf(dashboard.panels) }),
  });
}

function variableOf(variable: Variable, choice: string | undefined) {
  const { allValue, includeAll = false, label, multi = false, name, query, refresh, sort, type } = variable;
  if (type === 'datasource')
    return new DataSourceVariable({ name, label, pluginId: String(query), value: UID, text: 'Prometheus' });
  if (type === 'constant') return new ConstantVariable({ name, value: String(query), hide: VariableHide.hideVariable });
  if (type !== 'query') throw new Error(`a variable of type ${type} cannot be drawn: ${name}`);
  return new QueryVariable({
    name,
    label,
    datasource,
    query: query as { query: string; refId: string },
    isMulti: multi,
    includeAll,
    ...(allValue === undefined ? {} : { allValue }),
    ...(refresh === undefined ? {} : { refresh }),
    ...(sort === undefined ? {} : { sort }),
    ...(includeAll ? { value: '$__all', text: 'All' } : { value: choice ?? '', text: choice ?? '' }),
  });
}

/** Each row with the panels that follow it, up to the next row. */
function rowsOf(panels: readonly Panel[]): (SceneGridItem | SceneGridRow)[] {
  const children: (SceneGridItem | SceneGridRow)[] = [];
  let row: SceneGridItem[] | undefined;
  for (const panel of panels) {
    if (panel.type === 'row') {
      row = (panel.panels ?? []).map(itemOf);
      children.push(new SceneGridRow({ title: panel.title, y: panel.gridPos.y, isCollapsible: true, children: row }));
    } else (row ?? children).push(itemOf(panel));
  }
  return children;
}

function itemOf({
  description = '',
  fieldConfig,
  gridPos,
  options,
  targets = [],
  title,
  transformations,
  type,
}: Panel) {
  const runner = new SceneQueryRunner({
    datasource,
    queries: targets.map((target) => ({ ...target, datasource })),
  });
  const $data = new SceneDataTransformer({
    $data: runner,
    transformations: (transformations ?? []).map((transformation) => ({ ...transformation })),
  });
  return new SceneGridItem({
    x: gridPos.x,
    y: gridPos.y,
    width: gridPos.w,
    height: gridPos.h,
    body: new VizPanel({
      title,
      description,
      pluginId: type,
      options: options ?? {},
      fieldConfig: (fieldConfig ?? { defaults: {}, overrides: [] }) as VizPanel['state']['fieldConfig'],
      $data,
    }),
  });
}
