import { expect, test } from 'vitest';
import type { OvnClient } from '../../../../src/sources/ovn/client/client.ts';
import { collect } from '../collect.ts';

const clientOf = (parts: object) => parts as OvnClient;

test('facts of a database tell what kind of server answers, and who does not', async () => {
  const state = { cid: 'c', sid: 's', connected: true, leader: true, model: 'clustered' };
  const northbound = {
    survey: async () => [
      { server: '10.0.0.11:6641', feeding: true, answer: { state, index: 7 } },
      { server: '10.0.0.12:6641', feeding: false },
    ],
    ...{ moves: 0, fullReads: 1, strays: 0 },
  };
  const { facts } = await collect('databases', clientOf({ databases: [['northbound', northbound]] }));
  expect(facts.databases).toEqual([
    {
      db: 'northbound',
      servers: [
        { server: '10.0.0.11:6641', up: true, connected: true, leader: true, model: 'clustered', index: 7 },
        { server: '10.0.0.12:6641', up: false },
      ],
    },
  ]);
});

test.each([
  [{ northbound: true, southbound: true }, true],
  [{ northbound: false, southbound: true }, false],
])('northd with the connections %o is connected: %s', async (connected, expected) => {
  const client = { clusterStatus: async () => undefined, northdStatus: async () => ({ status: 'standby', connected }) };
  const { facts } = await collect('raft', clientOf(client));
  expect(facts.northd).toEqual({ status: 'standby', connected: expected });
});

test('there is no northd among the facts without its control socket', async () => {
  const client = { clusterStatus: async () => undefined, northdStatus: async () => undefined };
  expect((await collect('raft', clientOf(client))).facts).toEqual({});
});
