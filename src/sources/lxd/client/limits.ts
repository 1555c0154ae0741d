/** LXD's units: https://documentation.ubuntu.com/lxd/latest/reference/instance_units/ */
const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  EB: 1e18,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
  EiB: 2 ** 60,
};

/** `limits.memory` and the like, in bytes; a percentage is of `whole`. Undefined where it is no limit, or unknown. */
export function parseBytes(text: string | undefined, whole?: number): number | undefined {
  const match = /^(\d+)\s*([A-Za-z%]*)$/.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const [, digits = '', unit = ''] = match;
  if (unit === '%') return whole === undefined ? undefined : (whole * Number(digits)) / 100;
  const factor = byteUnits[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}

/**
 * `limits.cpu` as a number of CPUs: a single number is a count, anything with `-` or `,` is a set of pinned CPUs.
 * https://documentation.ubuntu.com/lxd/latest/reference/instance_options/#instance-options-limits-cpu
 */
export function parseCpus(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^\d+$/.test(trimmed)) return Number(trimmed);
  const pinned = new Set<number>();
  for (const part of trimmed.split(',')) {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    // A set larger than any machine is a mistake in the configuration, not a reason to count to it.
    if (last < first || last - first > 65_536) return undefined;
    for (let cpu = first; cpu <= last; cpu++) pinned.add(cpu);
  }
  return pinned.size;
}

/** Seconds since the epoch, or undefined for Go's zero time and for the epoch, which LXD uses for "never". */
export function parseTimestamp(text: string | undefined): number | undefined {
  const seconds = Date.parse(text ?? '') / 1000;
  return seconds > 0 ? seconds : undefined;
}
