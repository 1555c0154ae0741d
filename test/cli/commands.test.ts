import { expect, test } from 'vitest';
import { httpOnSocket } from '../fakes/http-on-socket.ts';
import { configFile, rackwatch } from './program.ts';

test('--version and --help print to standard output', async () => {
  expect(await rackwatch('--version')).toEqual({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^rackwatch \d+\.\d+\.\d+\n$/),
  });
  const help = await rackwatch('--help');
  expect(help.code).toBe(0);
  for (const command of ['serve', 'check', 'dump', 'doctor', 'demo', 'docs'])
    expect(help.stdout).toContain(`rackwatch ${command}`);
});

test.each([
  [[], 'no command given'],
  [['fly'], 'unknown command: fly'],
  [['serve'], 'serve needs --config'],
  [['check', '--config', 'a', 'b'], 'unexpected argument: b'],
  [['check', '--config', 'a', '--listen', 'b:1'], 'check takes no --listen'],
  [['doctor', '--json'], 'doctor needs --config'],
  [['dump', '--config', 'a', '--json'], 'dump takes no --json'],
  [['serve', '--frob'], "Unknown option '--frob'"],
])('%j cannot be understood: usage and exit code 2', async (args, reason) => {
  const { code, stderr, stdout } = await rackwatch(...args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(`rackwatch: ${reason}`);
  expect(stderr).toContain('Usage:');
});

test('check accepts a good file and names every problem of a bad one', async () => {
  const good = configFile('listen: "[::1]:0"\n');
  expect(await rackwatch('check', '--config', good)).toEqual({ code: 0, stdout: `${good}: OK\n`, stderr: '' });
  const bad = configFile('listen: x\nfoo: 1\n');
  const { code, stderr } = await rackwatch('check', '--config', bad);
  expect(code).toBe(1);
  expect(stderr.split('\n')).toEqual([
    `${bad}:1:9: listen: not an address: HOST:PORT, with an IPv6 address in brackets`,
    `${bad}:2:1: foo: unknown key`,
    '',
  ]);
});

test('a file that is not there is named, by every command that reads one', async () => {
  for (const command of ['check', 'dump', 'doctor', 'serve']) {
    const { code, stderr } = await rackwatch(command, '--config', '/nonexistent.yaml');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('/nonexistent.yaml: ENOENT: no such file or directory'),
    ]);
  }
});

test('dump prints the page, and fails with the reason when a collector failed', async () => {
  const web = await httpOnSocket((_request, response) => response.end('<html>not LXD</html>'));
  const file = configFile(`sources:\n  lxd:\n    endpoints: ["${web.endpoint}"]\n`);
  const { code, stderr, stdout } = await rackwatch('dump', '--config', file);
  await web.close();
  expect(code).toBe(1);
  expect(stdout).toContain('rackwatch_target_up{source="lxd",target="cluster"} 0\n');
  expect(stdout).toContain('collector="members",code="protocol"} 1\n');
  expect(stderr).toContain('lxd cluster members: /1.0: unix://');
  expect(stderr).toContain('not JSON: is it LXD? (protocol)');
});

test('dump of a source that is not configured is an error', async () => {
  const { code, stderr } = await rackwatch('dump', '--config', configFile('{}'), '--source', 'lxd');
  expect([code, stderr]).toEqual([1, expect.stringContaining('source lxd is not configured')]);
});
