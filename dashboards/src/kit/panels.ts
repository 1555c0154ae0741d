import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BarGaugeSizing,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  type Panel,
  type ThresholdsConfigBuilder,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { steps, thresholdColor } from './look.ts';
import { datasource, now, overTime, type Query } from './query.ts';

/** A panel and how much of the 24 columns it takes. */
export interface Sized {
  readonly panel: Builder<Panel>;
  readonly width: number;
  readonly height: number;
}

export interface PanelOptions {
  readonly title: string;
  /** What it shows, why it matters, and when to worry. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** Grafana's unit id: `bytes`, `percentunit`, `s`, `short`. */
  readonly unit: string;
  readonly width: number;
  readonly height?: number;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: ThresholdsConfigBuilder;
  readonly mappings?: ValueMapping[];
  /** What stands there when there is nothing to show. */
  readonly empty?: string;
}

interface Common {
  title(title: string): this;
  description(description: string): this;
  datasource(ref: typeof datasource): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
}

function dress<P extends Common & Builder<Panel>>(panel: P, options: PanelOptions, height: number): Sized {
  const {
    decimals,
    description,
    empty = 'none',
    mappings,
    max,
    min,
    thresholds = steps([0, 'calm']),
    title,
    unit,
    width,
  } = options;
  panel.title(title).description(description).datasource(datasource).unit(unit).noValue(empty).thresholds(thresholds);
  if (decimals !== undefined) panel.decimals(decimals);
  if (min !== undefined) panel.min(min);
  if (max !== undefined) panel.max(max);
  if (mappings) panel.mappings(mappings);
  return { panel, width, height: options.height ?? height };
}

const last = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false);

/** One figure, or a few side by side. */
export function figure(options: PanelOptions & { readonly spark?: boolean; readonly names?: boolean }): Sized {
  const { names = false, queries, spark = false } = options;
  const panel = new stat.PanelBuilder()
    .targets(spark ? overTime(queries) : now(queries))
    .reduceOptions(last())
    .graphMode(spark ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .colorMode(options.thresholds || options.mappings ? BigValueColorMode.Value : BigValueColorMode.None)
    .textMode(names ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto)
    .colorScheme(new FieldColorBuilder().mode(thresholdColor));
  // A figure has its own word for none, which is 0.
  return dress(panel, { empty: 'unknown', ...options }, 4);
}

export interface GraphOptions extends PanelOptions {
  readonly stacked?: boolean;
  /** A table of last and highest values beside the names; for panels of more than a few series. */
  readonly table?: boolean;
  /** Whole numbers, mostly 0: the axis goes up to one at least, and not to a hundred. */
  readonly count?: boolean;
}

/** Lines over time. */
export function graph(options: GraphOptions): Sized {
  const { count = false, queries, stacked = false, table = false } = options;
  const legend = new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(table ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(table ? LegendPlacement.Right : LegendPlacement.Bottom)
    .calcs(table ? ['lastNotNull', 'max'] : []);
  const tooltip = new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
  const panel = new timeseries.PanelBuilder()
    .targets(overTime(queries))
    .legend(legend)
    .tooltip(tooltip)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 0)
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().group('A').mode(stacked ? StackingMode.Normal : StackingMode.None));
  if (count) panel.axisSoftMax(1);
  return dress(panel, count ? { decimals: 0, min: 0, ...options } : options, 8);
}

/** One bar for each series, the longest first when the query sorts. */
export function bars(options: PanelOptions): Sized {
  const panel = new bargauge.PanelBuilder()
    .targets(now(options.queries))
    .reduceOptions(last())
    .displayMode(BarGaugeDisplayMode.Basic)
    // Else two bars fill the panel with letters of which two fit in.
    .sizing(BarGaugeSizing.Manual)
    .minVizHeight(14)
    .maxVizHeight(30)
    .text(new VizTextDisplayOptionsBuilder().titleSize(12).valueSize(14))
    .orientation(VizOrientation.Horizontal)
    .colorScheme(new FieldColorBuilder().mode(thresholdColor));
  return dress(panel, options, 8);
}

/** States over time, a band for each series. */
export function timeline(options: PanelOptions): Sized {
  const panel = new statetimeline.PanelBuilder()
    .targets(overTime(options.queries))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.8)
    .fillOpacity(70)
    .colorScheme(new FieldColorBuilder().mode(thresholdColor));
  return dress(panel, options, 8);
}
