import { expect, test } from 'vitest';
import { createProcessRegistry } from '../../src/telemetry/process-metrics.ts';

test('CPU, memory, file descriptors, heap and garbage collection of the process, and nothing that costs more than it tells', async () => {
  const text = await createProcessRegistry().metrics();
  expect([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)).toEqual([
    'process_cpu_user_seconds_total',
    'process_cpu_system_seconds_total',
    'process_cpu_seconds_total',
    'process_start_time_seconds',
    'process_resident_memory_bytes',
    'process_virtual_memory_bytes',
    'process_heap_bytes',
    'process_open_fds',
    'process_max_fds',
    'nodejs_heap_size_total_bytes',
    'nodejs_heap_size_used_bytes',
    'nodejs_external_memory_bytes',
    'nodejs_version_info',
    'nodejs_gc_duration_seconds',
  ]);
  for (const name of ['process_resident_memory_bytes', 'process_open_fds', 'nodejs_heap_size_used_bytes'])
    expect(Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]), name).toBeGreaterThan(0);
});
