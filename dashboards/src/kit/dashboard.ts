import {
  AnnotationQueryBuilder,
  ConstantVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Sized } from './panels.ts';
import { datasource } from './query.ts';

/** Values of a label to choose from. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `label_values(metric, label)`, with the variables before it. */
  readonly values: string;
  /** Several at once, and all of them; else exactly one. */
  readonly many: boolean;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Sized[];
}

export interface DashboardOptions {
  /** Stable: links and alerts name it. `rackwatch-cluster` */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  readonly from?: string;
  /** Whether a panel leads to runbooks: `${runbooks}/runbooks/Name.md`. */
  readonly runbooks?: boolean;
}

/** Where the runbooks are is told in the settings of the dashboard, as it is to Alertmanager in `links.tmpl`. */
const RUNBOOKS = 'https://git.example.net/rackwatch/alerts';

const COLUMNS = 24;

/** Lays the panels out from left to right, gives them numbers, and adds what all dashboards have. */
export function defineDashboard(options: DashboardOptions): Dashboard {
  const { description, from = 'now-6h', runbooks = false, title, uid, variables } = options;
  const builder = new DashboardBuilder(`rackwatch / ${title}`)
    .uid(uid)
    .description(description)
    .tags(['rackwatch'])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from, to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .variables([
      chooseDatasource(),
      ...variables.map(chooseValues),
      ...(runbooks ? [new ConstantVariableBuilder('runbooks').label('Runbooks').value(RUNBOOKS)] : []),
    ])
    .annotations(annotations())
    .links([
      new DashboardLinkBuilder('rackwatch')
        .type(DashboardLinkType.Dashboards)
        .tags(['rackwatch'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    ]);
  layOut(builder, options.rows);
  return builder.build();
}

function layOut(builder: DashboardBuilder, rows: readonly Row[]): void {
  let id = 1;
  let y = 0;
  for (const { panels, title } of rows) {
    builder.withRow(new RowBuilder(title).id(id++).gridPos({ x: 0, y, w: COLUMNS, h: 1 }));
    y++;
    let x = 0;
    let lineHeight = 0;
    for (const { height, panel, width } of panels) {
      if (x + width > COLUMNS) {
        y += lineHeight;
        x = 0;
        lineHeight = 0;
      }
      const built = { ...panel.build(), id: id++, gridPos: { x, y, w: width, h: height } };
      builder.withPanel({ build: () => built });
      x += width;
      lineHeight = Math.max(lineHeight, height);
    }
    y += lineHeight;
  }
}

const chooseDatasource = () => new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');

function chooseValues({ label, many, name, values }: Variable) {
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ query: values, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(values)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(many)
    .includeAll(many);
  // All is everything, also what has no such label.
  return many ? variable.allValue('.*').current({ text: 'All', value: '$__all', selected: true }) : variable;
}

/** When a member was in maintenance, and when an alert was raised. */
function annotations(): AnnotationQueryBuilder[] {
  const query = (name: string, color: string, expr: string, text: string) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(datasource)
      .enable(true)
      .iconColor(color)
      .expr(expr)
      .step('60s')
      .titleFormat(name)
      .textFormat(text);
  return [
    query('Maintenance', 'blue', 'max by (member) (rackwatch_member_maintenance) == 1', '{{member}}'),
    query(
      'Alerts',
      'red',
      'max by (alertname, member) (ALERTS{alertstate="firing", severity=~"critical|warning"})',
      '{{alertname}} {{member}}',
    ),
  ];
}
