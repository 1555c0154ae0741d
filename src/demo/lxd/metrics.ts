import { type InstanceLoad, loadOf } from '../load.ts';
import { type DemoInstance, instances } from '../rack.ts';
import type { RackState } from '../state.ts';
import { fractionOf } from '../wave.ts';
import { listOperations, listWarnings } from './activity.ts';
import { families } from './families.ts';
import type { ApiRequest } from './request.ts';

/** The labels are ready text, made once for all the families that have them. */
type Add = (family: string, labels: string, value: number) => void;

/**
 * `GET /1.0/metrics`: the running instances of this one member, and the daemon itself. As with LXD, labels are sorted
 * and not escaped, no label names the member, an unknown project is an empty page, and the last line is `# EOF`.
 */
export function renderMetrics(request: ApiRequest): string {
  const { member, query, state } = request;
  const project = query.get('project');
  const lines = new Map<string, string[]>(families.map(([name]) => [name, []]));
  const add: Add = (family, labels, value) => {
    lines.get(family)?.push(`${family}${labels} ${formatValue(value)}`);
  };
  const here = instances.filter(
    (instance) => state.placementOf(instance).location === member && (!project || instance.project === project),
  );
  for (const instance of here) if (state.isRunning(instance)) addInstance(add, instance, loadOf(instance, state));
  addCounts(add, here);
  if (!project) addDaemon(add, request);
  const text = families.flatMap(([name, type, help]) => {
    const samples = lines.get(name) as string[];
    return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  });
  return [...text, '# EOF', ''].join('\n');
}

function addInstance(add: Add, instance: DemoInstance, load: InstanceLoad): void {
  const { cpus, kind, name, project } = instance;
  const own = { name, project, type: kind };
  const labels = formatLabels(own);
  add('lxd_cpu_effective_total', labels, cpus);
  addCpu(add, instance, load.cpuSeconds);
  const device = kind === 'container' ? `rbd${Math.floor(fractionOf(instance.uuid) * 40)}` : 'sda';
  const disk = formatLabels({ device, ...own });
  add('lxd_disk_read_bytes_total', disk, load.readBytes);
  add('lxd_disk_reads_completed_total', disk, Math.floor(load.readBytes / 16_384));
  add('lxd_disk_written_bytes_total', disk, load.writtenBytes);
  add('lxd_disk_writes_completed_total', disk, Math.floor(load.writtenBytes / 12_288));
  // LXD gives the file systems no label `type`.
  const root = formatLabels({ device: `/dev/${device}`, fstype: 'ext4', mountpoint: '/', name, project });
  const free = load.diskSizeBytes - load.diskUsedBytes;
  add('lxd_filesystem_avail_bytes', root, free);
  add('lxd_filesystem_free_bytes', root, free);
  add('lxd_filesystem_size_bytes', root, load.diskSizeBytes);
  addMemory(add, labels, instance, load);
  addNetwork(add, own, load);
  add('lxd_procs_total', labels, load.processes);
}

/** On cgroup v2 a container has the sum of all CPUs under `cpu="0"`; a virtual machine's agent tells every CPU. */
function addCpu(add: Add, { cpus, kind, name, project }: DemoInstance, seconds: number): void {
  const labels = { name, project, type: kind };
  if (kind === 'container') {
    add('lxd_cpu_seconds_total', formatLabels({ cpu: '0', mode: 'system', ...labels }), round(seconds * 0.28));
    add('lxd_cpu_seconds_total', formatLabels({ cpu: '0', mode: 'user', ...labels }), round(seconds * 0.72));
    return;
  }
  const shares = { iowait: 0.04, irq: 0, nice: 0.01, softirq: 0.02, steal: 0.005, system: 0.265, user: 0.66 };
  for (let cpu = 0; cpu < cpus; cpu++) {
    const own = { cpu: String(cpu), ...labels };
    for (const [mode, share] of Object.entries(shares))
      add('lxd_cpu_seconds_total', formatLabels({ mode, ...own }), round((seconds * share) / cpus));
    add('lxd_cpu_seconds_total', formatLabels({ mode: 'idle', ...own }), round((seconds * 4) / cpus));
  }
}

function addMemory(add: Add, labels: string, { kind, memoryBytes }: DemoInstance, load: InstanceLoad): void {
  const { cachedBytes, memoryBytes: used, oomKills } = load;
  const anon = used - cachedBytes;
  const parts: Readonly<Record<string, number>> = {
    Active_anon: anon * 0.6,
    Active: anon * 0.6 + cachedBytes * 0.5,
    Active_file: cachedBytes * 0.5,
    Cached: cachedBytes,
    Dirty: cachedBytes * 0.004,
    ...(kind === 'virtual-machine' ? { HugepagesFree: 0, HugepagesTotal: 0 } : {}),
    Inactive_anon: anon * 0.4,
    Inactive: anon * 0.4 + cachedBytes * 0.5,
    Inactive_file: cachedBytes * 0.5,
    Mapped: cachedBytes * 0.3,
    MemAvailable: memoryBytes - used + cachedBytes,
    MemFree: memoryBytes - used,
    MemTotal: memoryBytes,
    Shmem: anon * 0.02,
    Swap: 0,
    Unevictable: 0,
    Writeback: 0,
  };
  for (const [part, bytes] of Object.entries(parts)) add(`lxd_memory_${part}_bytes`, labels, Math.floor(bytes));
  add('lxd_memory_OOM_kills_total', labels, oomKills);
}

function addNetwork(add: Add, labels: Readonly<Record<string, string>>, load: InstanceLoad): void {
  for (const device of ['lo', 'eth0']) {
    const own = formatLabels({ device, ...labels });
    const only = (value: number) => (device === 'lo' ? 0 : value);
    add('lxd_network_receive_bytes_total', own, only(load.receivedBytes));
    add('lxd_network_receive_packets_total', own, only(load.receivedPackets));
    add('lxd_network_transmit_bytes_total', own, only(load.sentBytes));
    add('lxd_network_transmit_packets_total', own, only(load.sentPackets));
    for (const what of ['receive_drop', 'receive_errs', 'transmit_drop', 'transmit_errs'])
      add(`lxd_network_${what}_total`, own, 0);
  }
}

/** Running or not, by project and type. */
function addCounts(add: Add, here: readonly DemoInstance[]): void {
  for (const project of new Set(here.map((instance) => instance.project))) {
    const own = here.filter((instance) => instance.project === project);
    for (const type of ['container', 'virtual-machine'])
      add('lxd_instances', formatLabels({ project, type }), own.filter(({ kind }) => kind === type).length);
  }
}

function addDaemon(add: Add, request: ApiRequest): void {
  const { member, state } = request;
  const uptime = secondsUp(member, state);
  addApiRequests(add, uptime);
  add('lxd_go_goroutines', '', 180 + Math.floor(40 * fractionOf(String(Math.floor(uptime / 15)))));
  add('lxd_go_heap_inuse_bytes', '', 48 * 2 ** 20 + Math.floor(uptime % 300) * 65_536);
  add('lxd_go_sys_bytes', '', 142_213_384);
  const everywhere = { ...request, query: new URLSearchParams({ 'all-projects': 'true' }) };
  const operations = listOperations(everywhere).running ?? [];
  add('lxd_operations_total', '', operations.filter(({ location }) => location === member).length);
  add('lxd_uptime_seconds', '', uptime);
  const warnings = listWarnings(request).filter(({ location, status }) => location === member && status === 'new');
  add('lxd_warnings_total', '', warnings.length);
}

/** Requests per second that each kind of thing gets. */
const apiRequests: Readonly<Record<string, number>> = { instance: 0.21, network: 0.9, project: 0.4, server: 0.55 };

function addApiRequests(add: Add, uptime: number): void {
  const completed = (entity_type: string, result: string, count: number) =>
    add('lxd_api_requests_completed_total', formatLabels({ entity_type, result }), Math.floor(count));
  for (const [entity_type, perSecond] of Object.entries(apiRequests)) {
    completed(entity_type, 'succeeded', uptime * perSecond);
    completed(entity_type, 'error_client', uptime * perSecond * 1e-4);
    completed(entity_type, 'error_server', 0);
    add('lxd_api_requests_ongoing', formatLabels({ entity_type }), entity_type === 'server' ? 1 : 0);
  }
}

const secondsUp = (member: string, state: RackState): number => (state.clock.now() - state.bootedAt(member)) / 1000;

const round = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort();
  return `{${names.map((name) => `${name}="${labels[name]}"`).join(',')}}`;
}

/** Go's shortest `%g`: an exponent of two digits at least, from a million on and below a ten-thousandth. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
