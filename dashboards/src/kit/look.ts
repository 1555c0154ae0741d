import type { Threshold, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** Colours by meaning; every one of them comes with a word or a sign, for those who cannot tell them apart. */
export const colors = { good: 'green', warning: 'orange', bad: 'red', calm: 'blue', unknown: 'text' } as const;
export type Color = keyof typeof colors;

export const thresholdColor = FieldColorModeId.Thresholds;

/** `steps([0, 'bad'], [1, 'warning'], [2, 'good'])`: from each value on; below the first, as the first. */
export function steps(...given: readonly (readonly [from: number, color: Color])[]): ThresholdsConfigBuilder {
  const list = given.map(([from, color], index) => ({
    value: (index === 0 ? null : from) as number,
    color: colors[color],
  }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list as Threshold[]);
}

export interface Word {
  readonly value: number | string;
  readonly text: string;
  readonly color: Color;
}

/** What values are called: `words({ value: 1, text: '✓ up', color: 'good' }, …)`. */
export const words = (...list: readonly Word[]): ValueMapping[] => [
  {
    type: 'value',
    options: Object.fromEntries(
      list.map(({ color, text, value }, index) => [String(value), { text, color: colors[color], index }]),
    ),
  } as ValueMapping,
];

export const upOrDown = words({ value: 1, text: '✓ up', color: 'good' }, { value: 0, text: '✗ down', color: 'bad' });
export const yesIsBad = words({ value: 1, text: '✗ yes', color: 'bad' }, { value: 0, text: '✓ no', color: 'good' });
export const yesIsGood = words({ value: 1, text: '✓ yes', color: 'good' }, { value: 0, text: '✗ no', color: 'bad' });
