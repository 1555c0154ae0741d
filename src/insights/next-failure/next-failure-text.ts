import type { MemberLoss, OsdLoss, Redundancy } from './next-failure.ts';

export function describeRedundancy(row: Redundancy): string {
  const { component, current, expected, faults_tolerated: tolerated, member, minimum, name } = row;
  const what = [component, member, name].filter((part) => part !== null).join(' ');
  const count = current === null ? '' : `${current}${expected === null ? '' : ` of ${expected}`} there`;
  const counts = [count, ...(minimum === null ? [] : [`${minimum} needed`])].filter(Boolean).join(', ');
  const verdict = tolerated < 0 ? 'the outage is there' : 'the next failure is an outage';
  return `${what}: ${counts === '' ? '' : `${counts}: `}${verdict}`;
}

export function describeMemberLoss({ margin_bytes, margin_ratio, member, name, resource }: MemberLoss): string {
  const verdict = verdicts[resource] ?? `${resource} does not survive`;
  const of = name === null ? '' : ` (${name})`;
  return `without ${member}: ${verdict}${of}${describeMargin(margin_bytes, margin_ratio)}`;
}

/** By resource; one that is not here is told by its name. */
const verdicts: Readonly<Record<string, string>> = {
  memory: 'no memory for its instances elsewhere',
  storage_availability: 'a pool is not available',
  storage_recovery: 'its data cannot be recovered elsewhere',
  gateways: 'networks have no gateway',
  lxd_quorum: 'LXD has no quorum',
  ceph_quorum: 'Ceph has no quorum',
  ovn_nb_quorum: 'the northbound database has no quorum',
  ovn_sb_quorum: 'the southbound database has no quorum',
};

export function describeOsdLoss({ device_class, margin_bytes, member, osd }: OsdLoss): string {
  const where = [device_class, member === null ? null : `on ${member}`].filter((part) => part !== null).join(' ');
  return `without osd.${osd}${where === '' ? '' : ` (${where})`}: its data cannot be recovered elsewhere${describeMargin(margin_bytes, null)}`;
}

/** Only what is short; what is there although something else fails would mislead. */
function describeMargin(bytes: number | null, ratio: number | null): string {
  if (bytes !== null && bytes < 0) return `, ${formatBytes(-bytes)} short`;
  if (ratio !== null && ratio < 0) return `, ${Math.round(-ratio * 100)} % short`;
  return '';
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

function formatBytes(bytes: number): string {
  const power = Math.min(Math.max(0, Math.floor(Math.log2(bytes) / 10)), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
