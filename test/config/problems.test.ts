import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { sources } from '../../src/sources/index.ts';

const lxd = (lines: string) => `sources:\n  lxd:\n    certificate: c\n    key_file: k\n${lines}`;
const endpoints = '    endpoints: ["https://h:8443"]\n';

/** One mistake each, with the whole message that a person gets. */
const mistakes: readonly [name: string, yaml: string, message: string][] = [
  [
    'not YAML',
    'a: [\n',
    'f.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['a list', '- 1\n', 'f.yaml:1:1: Invalid input: expected object, received array'],
  ['repeated key', 'listen: a:1\nlisten: b:1\n', 'f.yaml:2:1: Map keys must be unique'],
  ['unknown key', 'listn: x\n', 'f.yaml:1:1: listn: unknown key'],
  ['unknown source', 'sources:\n  lxc: {}\n', 'f.yaml:2:3: sources.lxc: unknown key'],
  ['wrong type', 'listen: 9947\n', 'f.yaml:1:9: listen: Invalid input: expected string, received number'],
  ['no port', 'listen: localhost\n', 'f.yaml:1:9: listen: not an address: HOST:PORT, with an IPv6 address in brackets'],
  [
    'IPv6 without brackets',
    'listen: "::1:9947"\n',
    'f.yaml:1:9: listen: not an address: HOST:PORT, with an IPv6 address in brackets',
  ],
  ['missing key', 'sources:\n  lxd: {}\n', 'f.yaml:2:3: sources.lxd.endpoints: missing'],
  [
    'bad duration',
    'scrape_timeout: 10\n',
    'f.yaml:1:17: scrape_timeout: Invalid input: expected string, received number',
  ],
  [
    'duration without unit',
    'scrape_timeout: "10"\n',
    'f.yaml:1:17: scrape_timeout: not a duration: a whole number and a unit, such as 500ms, 30s, 5m or 1h',
  ],
  [
    'wrong scheme',
    lxd('    endpoints: ["http://h"]\n'),
    'f.yaml:5:17: sources.lxd.endpoints.0: not an endpoint: https://HOST:PORT or unix:///PATH/unix.socket',
  ],
  [
    'https without certificate',
    'sources:\n  lxd:\n    endpoints: ["https://h:8443"]\n',
    'f.yaml:3:5: sources.lxd.endpoints: an https endpoint needs certificate and key_file',
  ],
  [
    'two pins',
    lxd(`${endpoints}    server_certificate: s\n    server_fingerprint: "${'ab'.repeat(32)}"\n`),
    'f.yaml:7:25: sources.lxd.server_fingerprint: server_certificate and server_fingerprint exclude each other',
  ],
  [
    'unknown collector',
    lxd(`${endpoints}    collectors: { natve: false }\n`),
    'f.yaml:6:19: sources.lxd.collectors.natve: unknown key',
  ],
  [
    'role with a capital',
    lxd(`${endpoints}    links:\n      - { device: eth0, role: WAN }\n`),
    'f.yaml:7:31: sources.lxd.links.0.role: not a role: lower case letters, digits, _ and -',
  ],
];

test.each(mistakes)('%s', (_name, yaml, message) => {
  expect(() => parseConfig(configSchema(sources), yaml, 'f.yaml')).toThrow(new ConfigError([message]));
});

test('every problem is named, in the order of the file', () => {
  const yaml = 'listen: 1\nsources:\n  lxd:\n    min_age: soon\n    endpoints: []\nextra: 1\n';
  const problems = () => parseConfig(configSchema(sources), yaml, 'f.yaml');
  expect(problems).toThrow(ConfigError);
  let lines: readonly string[] = [];
  try {
    problems();
  } catch (error) {
    lines = (error as ConfigError).problems.map((line) => line.replace(/^f.yaml:(\d+):.*?: ([a-z_.]+): .*/, '$1 $2'));
  }
  expect(lines).toEqual(['1 listen', '4 sources.lxd.min_age', '5 sources.lxd.endpoints', '6 extra']);
});

test('an empty file is a configuration with every default', () => {
  const config = parseConfig(configSchema(sources), '', 'f.yaml');
  expect(config).toEqual({
    listen: '127.0.0.1:9947',
    scrape_timeout: 10_000,
    reload_by_http: false,
    log: { level: 'info' },
    sources: {},
    members: {},
    insights: {},
  });
});

test('the settings that every source takes have defaults, in milliseconds', () => {
  const config = parseConfig(configSchema(sources), lxd(endpoints), 'f.yaml');
  expect(config.sources['lxd']).toMatchObject({ min_age: 5000, timeout: 9000, stale_after: 180_000, links: [] });
});
