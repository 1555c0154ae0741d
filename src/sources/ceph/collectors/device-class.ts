import type { Osd } from '../client/manager/osds.ts';

/** Raw bytes by device class, of the OSDs that say how much they have. No release before Squid adds them up itself. */
export function sumByClass(
  osds: readonly Osd[],
): ReadonlyMap<string, { readonly size: number; readonly used: number }> {
  const classes = new Map<string, { size: number; used: number }>();
  for (const { deviceClass, sizeBytes, usedBytes } of osds) {
    if (deviceClass === undefined || sizeBytes === undefined || usedBytes === undefined) continue;
    const sum = classes.get(deviceClass) ?? { size: 0, used: 0 };
    sum.size += sizeBytes;
    sum.used += usedBytes;
    classes.set(deviceClass, sum);
  }
  return classes;
}
