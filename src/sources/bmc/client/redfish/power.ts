import type { PowerSupply } from '../hardware.ts';
import { healthOf, isAbsent, listOf, numberOf, objectOf, type Resource, textOf } from './resource.ts';
import type { RedfishTree } from './walk.ts';

/** Watts of everything: the sum over chassis of what their first power control says. */
export function reportPower({ chassis }: RedfishTree): number | undefined {
  const watts = chassis.flatMap(({ environment, power }) => {
    const control = listOf(power ?? {}, 'PowerControl')[0];
    const value = control
      ? numberOf(control, 'PowerConsumedWatts')
      : numberOf(objectOf(environment ?? {}, 'PowerWatts'), 'Reading');
    return value === undefined ? [] : [value];
  });
  const total = watts.reduce((sum, value) => sum + value, 0);
  return watts.length > 0 && Number.isFinite(total) ? total : undefined;
}

export function reportPowerSupplies({ chassis }: RedfishTree): PowerSupply[] {
  return chassis.flatMap((tree) => [
    ...listOf(tree.power ?? {}, 'PowerSupplies').map((supply, index) => reportOld(supply, index)),
    ...tree.powerSupplies.map(({ metrics, supply }, index) => reportNew(supply, metrics ?? {}, index)),
  ]);
}

function reportOld(supply: Resource, index: number): PowerSupply {
  const base = reportState(supply, index);
  if (!base.isPresent) return base;
  return withWatts(
    base,
    numberOf(supply, 'PowerInputWatts'),
    numberOf(supply, 'PowerOutputWatts') ?? numberOf(supply, 'LastPowerOutputWatts'),
  );
}

function reportNew(supply: Resource, metrics: Resource, index: number): PowerSupply {
  const base = reportState(supply, index);
  if (!base.isPresent) return base;
  return withWatts(
    base,
    numberOf(objectOf(metrics, 'InputPowerWatts'), 'Reading'),
    numberOf(objectOf(metrics, 'OutputPowerWatts'), 'Reading'),
  );
}

const withWatts = (
  base: PowerSupply,
  inputWatts: number | undefined,
  outputWatts: number | undefined,
): PowerSupply => ({
  ...base,
  ...(inputWatts === undefined ? {} : { inputWatts }),
  ...(outputWatts === undefined ? {} : { outputWatts }),
});

/** What a power supply says of itself; LineInputStatus tells the input (DSP2046, PowerSupply 1.x). */
function reportState(supply: Resource, index: number): PowerSupply {
  const name = textOf(supply, 'Name', 'MemberId', 'MemberID', 'Id') ?? `PSU${index + 1}`;
  if (isAbsent(supply)) return { name, isPresent: false };
  const health = healthOf(supply);
  const input = textOf(supply, 'LineInputStatus');
  return {
    name,
    isPresent: true,
    ...(health === undefined ? {} : { hasFailed: health === 'Critical', isFailurePredicted: health === 'Warning' }),
    ...(input === undefined ? {} : { isInputLost: input === 'LossOfInput', isInputOutOfRange: input === 'OutOfRange' }),
  };
}
