import { readFileSync } from 'node:fs';
import { Agent, WebSocket } from 'undici';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIdentity } from '../../../src/demo/certificate.ts';
import { instances } from '../../../src/demo/rack.ts';
import { connect, type Rack } from './connect.ts';

let rack: Rack;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  rack = await connect();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await rack.part.close();
});

interface Event {
  readonly type: string;
  readonly location: string;
  readonly project?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Follows the events of a member with a client that is not rackwatch's. */
async function follow(index: number, identity?: { certificate: string; key: string }) {
  const file = (key: string) => readFileSync(rack.part.config[key] as string, 'utf8');
  const cert = identity?.certificate ?? file('certificate');
  const connection = { cert, key: identity?.key ?? file('key_file'), rejectUnauthorized: false };
  const endpoint = (rack.part.config.endpoints as string[])[index]?.replace('https', 'wss');
  const socket = new WebSocket(`${endpoint}/1.0/events?type=lifecycle,operation&all-projects=true`, {
    dispatcher: new Agent({ connect: connection }),
  });
  sockets.push(socket);
  const events: Event[] = [];
  socket.addEventListener('message', ({ data }) => events.push(JSON.parse(String(data))));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('no WebSocket')));
  });
  return { events, socket };
}

const describeEvent = ({ location, metadata, type }: Event) =>
  type === 'operation'
    ? `${location} ${metadata.description} ${metadata.status}`
    : `${location} ${metadata.action} ${metadata.source}`;

test('an evacuation is told as LXD tells it, by every member', async () => {
  const followers = await Promise.all([follow(0), follow(2)]);
  rack.state.evacuate('langara');
  const told = (text: string) =>
    vi.waitFor(() => {
      for (const { events } of followers) expect(events.map(describeEvent)).toContain(text);
    }, 5000);
  await told('langara Evacuating cluster member Pending');
  await told('langara Evacuating cluster member Running');
  rack.clock.advance(600_000);
  await told('langara Evacuating cluster member Success');
  await told('langara cluster-member-evacuated /1.0/cluster/members/langara');
  const moved = instances.find((instance) => rack.state.placementOf(instance).origin === 'langara');
  const [first] = followers;
  const ofOne = first?.events.filter(
    ({ metadata }) => metadata.source?.split('?')[0] === `/1.0/instances/${moved?.name}`,
  );
  expect(ofOne?.map(({ metadata }) => metadata.action)).toEqual([
    'instance-shutdown',
    'instance-deleted',
    'instance-renamed',
    'instance-started',
  ]);
  expect(new Set(ofOne?.map(({ project }) => project))).toEqual(new Set([moved?.project]));
  rack.state.restore('langara');
  await told('langara Restoring cluster member Running');
  rack.clock.advance(600_000);
  await told('langara cluster-member-restored /1.0/cluster/members/langara');
});

test('a member that dies takes its streams with it, and tells nothing until it is back', async () => {
  const { socket } = await follow(1);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  rack.state.kill('langara');
  await closed;
  await expect(follow(1)).rejects.toThrow();
  rack.state.revive('langara');
  await follow(1);
});

test('a stranger is told nothing', async () => {
  await expect(follow(0, createIdentity({ commonName: 'nobody', usage: 'client' }))).rejects.toThrow();
});
