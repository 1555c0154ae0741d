import { job } from '../kit/shared.ts';

/** Instances that are chosen at the top, of LXD's own families and of the insights, which all have a member. */
export const of = `${job}, project=~"$project", member=~"$member"`;

/** Of families that do not tell the member. */
export const ofProject = `${job}, project=~"$project"`;

/** Restricts a result by project and name to the instances of the chosen members. */
export const placed = (expr: string): string =>
  `${expr} and on(project, name) max by (project, name) (lxd_instance_info{${of}})`;

/** Ports that OVN has not brought up although their instance runs. */
export const portsDown = (selector: string): string =>
  `max by (project, name, device) (ovn_port_up{${selector}}) == 0 and on(project, name) max by (project, name) (lxd_instance_state{${job}, state="running"}) == 1`;

/** Processors in use by an instance, idle ones of virtual machines left out. */
export const cpuUsed = (selector: string, window: string, by = 'project, name'): string =>
  `sum by (${by}) (max by (project, name, cpu, mode, member) (rate(lxd_cpu_seconds_total{${selector}, mode!="idle"}[${window}])))`;

/** Share of an instance's memory that it could not give away at once. */
export const memoryUsed = (selector: string): string =>
  `1 - max by (project, name) (lxd_memory_MemAvailable_bytes{${selector}}) / max by (project, name) (lxd_memory_MemTotal_bytes{${selector}} > 0)`;

/** Share of an instance's fullest file system. */
export const diskUsed = (selector: string): string =>
  `max by (project, name) (1 - lxd_filesystem_avail_bytes{${selector}} / (lxd_filesystem_size_bytes{${selector}} > 0))`;

/** Bytes per second of an instance's devices in both directions. */
export const traffic = (selector: string, window: string): string =>
  `sum by (project, name) (max by (project, name, device, member) (rate(lxd_network_receive_bytes_total{${selector}, device!="lo"}[${window}]) + rate(lxd_network_transmit_bytes_total{${selector}, device!="lo"}[${window}])))`;
