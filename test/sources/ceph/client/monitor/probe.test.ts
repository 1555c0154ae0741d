import { afterEach, expect, test } from 'vitest';
import { probeMonitors } from '../../../../../src/sources/ceph/client/monitor/probe.ts';
import {
  bannerV1,
  bannerV2,
  type FakeMonitor,
  type Greeting,
  startFakeMonitor,
} from '../../../../fakes/ceph-monitor.ts';

const monitors: FakeMonitor[] = [];
afterEach(async () => {
  for (const monitor of monitors.splice(0)) await monitor.close();
});

async function startMonitor(greeting: Greeting): Promise<number> {
  const monitor = await startFakeMonitor(greeting);
  monitors.push(monitor);
  return monitor.port;
}

async function probe(port: number, messenger?: 'v1' | 'v2', signal = AbortSignal.timeout(20_000)) {
  const address = { host: '127.0.0.1', port, ...(messenger ? { messenger } : {}) };
  const [answer] = await probeMonitors([{ label: 'a', addresses: [address] }], signal);
  return answer?.reachable[0];
}

test.each([
  ['v2', { bytes: bannerV2 }, true],
  ['v2', { bytes: bannerV2, slowly: true }, true],
  ['v1', { bytes: bannerV1 }, true],
  [undefined, { bytes: bannerV1, slowly: true }, true],
  [undefined, { bytes: bannerV2 }, true],
  ['v2', { bytes: bannerV1 }, false],
  ['v1', { bytes: bannerV2 }, false],
  [undefined, { bytes: 'SSH-2.0-OpenSSH_9.2p1\r\n' }, false],
  ['v2', { bytes: 'ceph v' }, false],
  ['v2', 'hang up', false],
  ['v2', 'silence', false],
] as const)('where %s is wanted and %j is sent, it is %s', async (messenger, greeting, reachable) => {
  expect(await probe(await startMonitor(greeting), messenger)).toBe(reachable);
});

test('a port that nobody listens on is not reachable', async () => {
  const port = await startMonitor({ bytes: bannerV2 });
  await monitors.pop()?.close();
  expect(await probe(port, 'v2')).toBe(false);
});

test('a signal ends the wait', async () => {
  const port = await startMonitor('silence');
  expect(await probe(port, 'v2', AbortSignal.abort())).toBe(false);
  expect(await probe(port, 'v2', AbortSignal.timeout(20))).toBe(false);
});

test('every address of every monitor has its own answer', async () => {
  const addresses = [
    { host: '127.0.0.1', port: await startMonitor({ bytes: bannerV2 }), messenger: 'v2' },
    { host: '127.0.0.1', port: await startMonitor('hang up'), messenger: 'v1' },
  ] as const;
  const answers = await probeMonitors(
    [
      { label: 'a', addresses },
      { label: 'b', addresses: [addresses[1]] },
    ],
    AbortSignal.timeout(20_000),
  );
  expect(answers.map(({ monitor, reachable }) => [monitor.label, reachable])).toEqual([
    ['a', [true, false]],
    ['b', [false]],
  ]);
});
