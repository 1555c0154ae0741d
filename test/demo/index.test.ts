import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { startDemoRack } from '../../src/demo/index.ts';

const fileKeys = ['certificate', 'key_file', 'server_certificate'] as const;

test('the rack starts, keeps its keys to itself, and leaves nothing behind', async () => {
  const rack = await startDemoRack();
  const config = rack.sources.lxd as Record<(typeof fileKeys)[number], string> & { endpoints: readonly string[] };
  const directory = dirname(config.key_file);
  expect(config.endpoints).toHaveLength(3);
  for (const endpoint of config.endpoints) expect(endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const key of fileKeys) expect(statSync(config[key]).mode & 0o777).toBe(0o600);
  // A client that is in the midst of its handshake does not hold up the end.
  const idle = connect(Number(new URL(config.endpoints[0] as string).port), '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const ended = new Promise((resolve) => idle.once('close', resolve));
  idle.on('error', () => undefined);
  await rack.close();
  await ended;
  expect(existsSync(directory)).toBe(false);
});

test('two racks do not disturb each other', async () => {
  const racks = await Promise.all([startDemoRack(), startDemoRack()]);
  racks[0]?.state.kill('abydos');
  expect(racks[1]?.state.isReachable('abydos')).toBe(true);
  await Promise.all(racks.map((rack) => rack.close()));
});
