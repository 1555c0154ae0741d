import {
  type DisplayValue,
  dateTimeFormat,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type PanelProps,
} from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

const AXIS = 22;
const LEGEND = 26;
const LABEL_GAP = 10;
/** Of a letter of twelve pixels, nearly. */
const LETTER = 6.6;

interface Band {
  readonly name: string;
  readonly spans: readonly { readonly from: number; readonly to: number; readonly shown: DisplayValue }[];
}

/** Our own drawing of a panel that Grafana does not publish: a band for each series, a word in each state. */
export function StateTimeline({ data, height, timeRange, timeZone, width }: PanelProps) {
  const theme = useTheme2();
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const bands = data.series.flatMap((frame) => {
    const times = frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
    const fields = frame.fields.filter(({ type }) => type !== FieldType.time);
    return fields.map((field) => bandOf(field, getFieldDisplayName(field, frame, data.series), times));
  });
  const labels = LABEL_GAP + LETTER * Math.max(...bands.map(({ name }) => name.length));
  const rowHeight = (height - AXIS - LEGEND) / bands.length;
  const place = (time: number) => labels + ((Math.max(from, time) - from) / (to - from)) * (width - labels - 12);
  const color = theme.colors.text.secondary;
  return (
    <svg width={width} height={height} fontSize={12} fill={color} role="img" aria-label="states over time">
      {bands.map(({ name, spans }, index) => (
        <g key={name} transform={`translate(0 ${index * rowHeight})`}>
          <text x={labels - LABEL_GAP} y={rowHeight / 2 + 4} textAnchor="end">
            {name}
          </text>
          {spans.map((span) => (
            <Span key={span.from} {...{ rowHeight, shown: span.shown, x: place(span.from), end: place(span.to) }} />
          ))}
        </g>
      ))}
      {ticksOf(from, to, (width - labels) / 50).map((time) => (
        <text key={time} x={place(time)} y={height - LEGEND - 6} textAnchor="middle">
          {dateTimeFormat(time, { timeZone, format: 'HH:mm' })}
        </text>
      ))}
      <Legend states={statesOf(bands)} y={height - 8} />
    </svg>
  );
}

function bandOf(field: Field, name: string, times: readonly number[]): Band {
  const step = times.length > 1 ? (times[1] as number) - (times[0] as number) : 0;
  const spans: Band['spans'][number][] = [];
  times.forEach((from, index) => {
    const to = times[index + 1] ?? from + step;
    const before = spans.at(-1);
    const shown = field.display?.(field.values[index]) ?? { text: '', numeric: Number.NaN };
    if (before?.shown.text === shown.text && before.to === from) spans[spans.length - 1] = { ...before, to };
    else spans.push({ from, to, shown });
  });
  return { name, spans };
}

function Span({ end, rowHeight, shown, x }: { end: number; rowHeight: number; shown: DisplayValue; x: number }) {
  const theme = useTheme2();
  const text = formattedValueToString(shown);
  const size = Math.max(1, end - x);
  return (
    <>
      <rect x={x} y={rowHeight * 0.1} width={size} height={rowHeight * 0.8} fill={shown.color} fillOpacity={0.7} />
      {size > text.length * LETTER + 8 && (
        <text x={x + 6} y={rowHeight / 2 + 4} fill={theme.colors.text.primary}>
          {text}
        </text>
      )}
    </>
  );
}

function Legend({ states, y }: { states: readonly DisplayValue[]; y: number }) {
  let x = 8;
  return (
    <>
      {states.map((state) => {
        const at = x;
        x += 34 + state.text.length * LETTER;
        return (
          <g key={state.text}>
            <rect x={at} y={y - 6} width={14} height={4} rx={2} fill={state.color} />
            <text x={at + 20} y={y}>
              {state.text}
            </text>
          </g>
        );
      })}
    </>
  );
}

const statesOf = (bands: readonly Band[]): readonly DisplayValue[] => [
  ...new Map(bands.flatMap(({ spans }) => spans.map(({ shown }) => [shown.text, shown] as const))).values(),
];

/** Whole minutes, `most` of them at most. */
function ticksOf(from: number, to: number, most: number): readonly number[] {
  const minutes = (to - from) / 60_000;
  const step = [1, 2, 5, 10, 15, 30, 60].find((one) => minutes / one <= most) ?? 120;
  const first = Math.ceil(from / (step * 60_000)) * step * 60_000;
  const count = Math.max(0, Math.floor((to - first) / (step * 60_000)));
  return Array.from({ length: count + 1 }, (_, index) => first + index * step * 60_000);
}
