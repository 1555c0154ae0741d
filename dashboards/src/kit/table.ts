import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type {
  DynamicConfigValue,
  Panel,
  ThresholdsConfigBuilder,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { steps } from './look.ts';
import type { Sized } from './panels.ts';
import { datasource, type Query, rows } from './query.ts';

/** A column: a label of the series, or the value of the query of that letter (`Value #A`). */
export interface Column {
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly width?: number;
  readonly mappings?: ValueMapping[];
  readonly thresholds?: ThresholdsConfigBuilder;
  /** Where a click on the value leads: `/d/uid?var-name=${__data.fields.name}`. */
  readonly link?: { readonly title: string; readonly url: string };
}

export interface TableOptions {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly Query[];
  readonly columns: readonly Column[];
  readonly width: number;
  readonly height?: number;
  /** Title of the column that decides the order, and whether the greatest comes first. */
  readonly sortBy?: { readonly title: string; readonly descending?: boolean };
  readonly empty?: string;
}

/** One row for each label set, with the values of all queries side by side. */
export function grid(options: TableOptions): Sized {
  const { columns, description, empty = 'none', queries, sortBy, title, width } = options;
  const names = columns.map(({ field }) => field);
  const panel = new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .targets(rows(queries))
    .noValue(empty)
    .thresholds(steps([0, 'unknown']))
    // Else a column takes 150 pixels at least, and the last ones of many are out of sight.
    .minWidth(60)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names } } })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(columns.map(({ field, title: to }) => [field, to])),
      },
    });
  for (const column of columns) panel.overrideByName(column.title, propertiesOf(column));
  if (sortBy) {
    const order = new TableSortByFieldStateBuilder().displayName(sortBy.title).desc(sortBy.descending ?? false);
    panel.sortBy([order]);
  }
  return { panel: panel as Builder<Panel>, width, height: options.height ?? 8 };
}

function propertiesOf({ decimals, link, mappings, thresholds, unit, width }: Column): DynamicConfigValue[] {
  const colored = mappings || thresholds;
  const all: readonly (readonly [id: string, value: unknown])[] = [
    // Else what says that there are no rows stands in every cell without a value.
    ['noValue', '–'],
    ['unit', unit],
    ['decimals', decimals],
    ['custom.width', width],
    ['mappings', mappings],
    ['thresholds', thresholds?.build()],
    ['custom.cellOptions', colored ? { type: TableCellDisplayMode.ColorText } : undefined],
    ['links', link ? [link] : undefined],
  ];
  return all.flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }]));
}
