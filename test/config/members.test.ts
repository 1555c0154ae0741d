import { expect, test } from 'vitest';
import { configuredSources } from '../../src/config/load.ts';
import { ConfigError, parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { sources } from '../../src/sources/index.ts';

const parse = (yaml: string) => parseConfig(configSchema(sources), yaml, 'f.yaml');

const cephAndOvn = `
sources:
  ceph: { managers: ["http://10.0.0.11:9283"] }
  ovn: { southbound: ["tcp:10.0.0.11:6642"] }
  bmc: { targets: [{ member: abydos, address: 10.0.2.11, user: u, password: { env: P } }] }
`;

test.each([
  ['nothing', '', {}, {}],
  [
    'one name of each kind',
    'members: { abydos: { ceph_host: node1, chassis: node1.example.net } }',
    { node1: 'abydos' },
    { 'node1.example.net': 'abydos' },
  ],
  [
    'members that have exchanged their names',
    'members: { abydos: { ceph_host: langara }, langara: { ceph_host: abydos } }',
    { langara: 'abydos', abydos: 'langara' },
    {},
  ],
  ['a member without another name', 'members: { abydos: {} }', {}, {}],
])('%s: every source gets its own names', (_name, members, ceph, ovn) => {
  const configured = configuredSources(parse(cephAndOvn + members), sources);
  const namesOf = Object.fromEntries(
    configured.map(({ members: names, source }) => [source.name, Object.fromEntries(names ?? [])]),
  );
  expect(namesOf).toEqual({ ceph, ovn, bmc: {} });
});

test.each([
  ['an unknown key', 'members:\n  abydos: { cep_host: a }\n', ['f.yaml:2:13: members.abydos.cep_host: unknown key']],
  [
    'a name that is no text',
    'members:\n  abydos: { ceph_host: 1 }\n',
    ['f.yaml:2:24: members.abydos.ceph_host: Invalid input: expected string, received number'],
  ],
  [
    'a name instead of a mapping',
    'members:\n  abydos: node1\n',
    ['f.yaml:2:11: members.abydos: Invalid input: expected object, received string'],
  ],
  [
    'an empty name',
    'members:\n  abydos: { chassis: "" }\n',
    ['f.yaml:2:22: members.abydos.chassis: Too small: expected string to have >=1 characters'],
  ],
  [
    'the same name for two members',
    'members:\n  abydos: { ceph_host: node1 }\n  langara: { chassis: node1 }\n  orilla: { ceph_host: node1 }\n',
    [
      'f.yaml:2:24: members.abydos.ceph_host: orilla has the same ceph_host: node1',
      'f.yaml:4:24: members.orilla.ceph_host: abydos has the same ceph_host: node1',
    ],
  ],
])('%s is refused with its place', (_name, yaml, problems) => {
  expect(() => parse(yaml)).toThrow(new ConfigError(problems));
});
