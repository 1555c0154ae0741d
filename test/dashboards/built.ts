import { dashboards } from '../../dashboards/src/index.ts';

/** What the tests read of a target of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly range?: boolean;
  readonly instant?: boolean;
  readonly format?: string;
  readonly datasource?: { readonly uid?: string };
}

export interface BuiltPanel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly uid?: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly noValue?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly options?: unknown };
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
  readonly options?: { readonly legend?: { readonly showLegend?: boolean } };
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[];
}

export interface BuiltVariable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

export interface BuiltDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly panels: readonly BuiltPanel[];
  readonly templating: { readonly list: readonly BuiltVariable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
}

/** Every dashboard as Grafana would read it, by the name of its file. */
export const built = Object.entries(JSON.parse(JSON.stringify(dashboards)) as Record<string, BuiltDashboard>);

/** The panels that show something; the headings of the rows are not among them. */
export const shown = ({ panels }: BuiltDashboard): readonly BuiltPanel[] => panels.filter(({ type }) => type !== 'row');

/** `label_values(metric{matchers}, label)` in parts. */
export function readLabelValues(definition: string): { readonly series: string; readonly label: string } {
  const [, series, label] = /^label_values\((.+), *(\w+)\)$/.exec(definition) ?? [];
  if (!series || !label) throw new Error(`not a query of label values: ${definition}`);
  return { series, label };
}

export type Values = Readonly<Record<string, string>>;

/** Puts values in the place of `$name` and `${name}`; throws for one that is not there. */
export function substitute(expression: string, values: Values): string {
  return expression.replace(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (_, braced, plain) => {
    const value = values[braced ?? plain];
    if (value === undefined) throw new Error(`no variable ${braced ?? plain}: ${expression}`);
    return value;
  });
}
