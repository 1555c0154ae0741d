import { expect, test } from 'vitest';
import { readMonHost } from '../../../../../src/sources/ceph/client/monitor/conf-file.ts';

test.each([
  ['[global]\nfsid = x\nmon_host = 10.0.0.11,10.0.0.12\n', '10.0.0.11,10.0.0.12'],
  ['[global]\r\n\tmon host = [v2:10.0.0.11:3300/0]  # first\r\n', '[v2:10.0.0.11:3300/0]'],
  ['mon-host=mon1', 'mon1'],
  ['[global]\nmon_host = 10.0.0.11,\\\n 10.0.0.12\n', '10.0.0.11,  10.0.0.12'],
  ['[global]\n; mon_host = no\n[osd]\nmon_host = neither\n', undefined],
  ['[global]\nmon_host_override = no\n', undefined],
  ['', undefined],
])('%j', (conf, monHost) => {
  expect(readMonHost(conf)).toBe(monHost);
});
