import {
  cacheFieldDisplayNames,
  type DisplayValueAlignmentFactors,
  FieldColorModeId,
  FieldConfigProperty,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  identityOverrideProcessor,
  PanelPlugin,
  type PanelProps,
  VizOrientation,
} from '@grafana/data';
import { sceneUtils } from '@grafana/scenes';
import { BarGauge, BarGaugeDisplayMode, BigValue, TimeSeries, useTheme2, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { type ComponentType, createContext, useContext } from 'react';
import { drawMarks, type Mark } from './annotations.ts';
import { StateTimeline } from './state-timeline.tsx';

const isEmpty = ({ data }: PanelProps) =>
  data.series.every(({ fields, length }) => fields.length === 0 || length === 0);

/** What Grafana shows in place of a graph or a table without data. */
const Empty = ({ fieldConfig, height }: PanelProps) => (
  <div style={{ height, display: 'flex', alignItems: 'center', justifyContent: 'center' }}>
    {fieldConfig.defaults.noValue ?? 'No data'}
  </div>
);

function valuesOf(
  { data, fieldConfig, options, replaceVariables, timeZone }: PanelProps,
  theme: ReturnType<typeof useTheme2>,
) {
  const { reduceOptions } = options;
  return getFieldDisplayValues({
    data: data.series,
    fieldConfig,
    reduceOptions,
    replaceVariables,
    sparkline: true,
    theme,
    timeZone,
  });
}

function Stat(props: PanelProps) {
  const theme = useTheme2();
  const { height, options, renderCounter, width } = props;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      autoGrid
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      getValues={() => valuesOf(props, theme)}
      orientation={options.orientation ?? VizOrientation.Auto}
      renderCounter={renderCounter}
      renderValue={({ alignmentFactors, count, value: { display, sparkline }, ...size }) => (
        <BigValue
          {...{ alignmentFactors, count, theme }}
          height={size.height}
          width={size.width}
          value={display}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          textMode={options.textMode}
          text={options.text}
          {...(sparkline ? { sparkline } : {})}
        />
      )}
      source={props.data}
      {...{ height, width }}
    />
  );
}

function Bars(props: PanelProps) {
  const theme = useTheme2();
  const { height, options, renderCounter, width } = props;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      getValues={() => valuesOf(props, theme)}
      itemSpacing={8}
      maxVizHeight={options.sizing === 'manual' ? options.maxVizHeight : 300}
      minVizHeight={options.sizing === 'manual' ? options.minVizHeight : 16}
      minVizWidth={8}
      orientation={VizOrientation.Horizontal}
      renderCounter={renderCounter}
      renderValue={({ alignmentFactors, value: { display, field, view, colIndex }, ...size }) => (
        <BarGauge
          {...{ alignmentFactors, field, theme }}
          height={size.height}
          width={size.width}
          value={display}
          displayMode={options.displayMode ?? BarGaugeDisplayMode.Gradient}
          itemSpacing={8}
          lcdCellWidth={12}
          orientation={VizOrientation.Horizontal}
          text={options.text}
          {...(view && colIndex !== undefined ? { display: view.getFieldDisplayProcessor(colIndex) } : {})}
        />
      )}
      source={props.data}
      {...{ height, width }}
    />
  );
}

/** Of the dashboard that is drawn. */
const Marks = createContext<readonly Mark[]>([]);
export const MarksProvider = Marks.Provider;

function Graph(props: PanelProps) {
  const theme = useTheme2();
  const marks = useContext(Marks);
  const { data, height, options, timeRange, timeZone, width } = props;
  if (isEmpty(props)) return <Empty {...props} />;
  return (
    <TimeSeries
      {...{ height, legend: options.legend, options, timeRange, timeZone, width }}
      frames={data.series}
      {...(data.structureRev === undefined ? {} : { structureRev: data.structureRev })}
    >
      {(builder) => {
        drawMarks(builder, marks, theme);
        return null;
      }}
    </TimeSeries>
  );
}

function Table(props: PanelProps) {
  const { data, fieldConfig, height, options, timeRange, width } = props;
  const [frame] = data.series;
  if (!frame || frame.fields.length === 0) return <Empty {...props} />;
  // The titles of the columns are these.
  cacheFieldDisplayNames(data.series);
  return (
    <TableNG
      {...{ fieldConfig, height, timeRange, width }}
      cellHeight={options.cellHeight ?? 'sm'}
      data={frame}
      noValue={fieldConfig.defaults.noValue ?? 'No data'}
      sortBy={options.sortBy}
      transparent
    />
  );
}

const Timeline = (props: PanelProps) => (isEmpty(props) ? <Empty {...props} /> : <StateTimeline {...props} />);

/** Options of single fields, below `custom`, that a kind of panel knows. */
const graphOptions =
  'drawStyle lineInterpolation lineWidth fillOpacity gradientMode showPoints pointSize stacking axisPlacement axisLabel axisSoftMin axisSoftMax scaleDistribution spanNulls thresholdsStyle lineStyle hideFrom'.split(
    ' ',
  );
const tableOptions = ['width', 'minWidth', 'align', 'cellOptions', 'inspect', 'filterable', 'wrapText', 'hideFrom'];

function register(pluginId: string, component: ComponentType<PanelProps>, custom: readonly string[], color: string) {
  // biome-ignore lint/correctness/useHookAtTopLevel: a method that is named so, and no hook
  const plugin = new PanelPlugin(component).useFieldConfig({
    standardOptions: { [FieldConfigProperty.Color]: { defaultValue: { mode: color } } },
    useCustomConfig: (builder) => {
      for (const id of custom) {
        builder.addCustomEditor({
          id,
          path: id,
          name: id,
          editor: () => null,
          override: () => null,
          process: identityOverrideProcessor,
          shouldApply: () => true,
        });
      }
    },
  });
  sceneUtils.registerRuntimePanelPlugin({ pluginId, plugin });
}

/** The kinds of panels that our dashboards have. */
export function registerPanels(): void {
  register('stat', Stat, [], FieldColorModeId.Thresholds);
  register('bargauge', Bars, [], FieldColorModeId.Thresholds);
  register('timeseries', Graph, graphOptions, FieldColorModeId.PaletteClassic);
  register('table', Table, tableOptions, FieldColorModeId.Thresholds);
  register('state-timeline', Timeline, ['fillOpacity', 'lineWidth', 'hideFrom'], FieldColorModeId.Thresholds);
}
