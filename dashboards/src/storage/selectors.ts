import { job } from '../kit/shared.ts';

/** OSDs and capacity of the chosen device classes. */
export const ofClass = `${job}, device_class=~"$device_class"`;

/** What is told of each pool. */
export const ofPool = `${job}, pool=~"$pool"`;

/** Ceph warns at nearfull and refuses writes at full; what comes first is time to order disks. */
export const NEARFULL = 0.85;
export const FULL = 0.95;

/** As the growth of the last day goes on, at most a year: what does not grow takes that long at least. */
export const timeToFull = (used: string, available: string, by: string, selector: string): string =>
  `clamp_max(max by (${by}) (${available}{${selector}}) / clamp_min(max by (${by}) (deriv(${used}{${selector}}[1d])), 1), 31536000)`;
