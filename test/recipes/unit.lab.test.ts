import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rackwatch } from '../cli/program.ts';
import { describeLab, run } from '../labs/lab.ts';
import { adapt, told, unit } from './readme.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the programs are on this machine. */
const here = { '/usr/bin/node': process.execPath, '/opt/rackwatch/': root };

describeLab('systemd', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackwatch-unit-file-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What systemd has to say of a unit: of some mistakes it only warns. */
  const verify = (text: string) => {
    const file = join(folder, 'rackwatch.service');
    writeFileSync(file, text);
    return run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file]).catch(String);
  };

  test('systemd understands the unit and finds its programs', async () => {
    expect(await verify(adapt(unit, here))).toBe('');
  });

  test.each([
    ['ProtectHome=', 'ProtectHomes=', /Unknown key/],
    ['/usr/bin/node', '/usr/bin/no-node', /no-node is not executable/],
  ])('it would not understand %s as %s', async (right, wrong, complaint) => {
    expect(await verify(adapt(unit, { [right]: wrong }))).toMatch(complaint);
  });
});

test('the program has the command line of ExecStart', async () => {
  const command = told(/^ExecStart=\/usr\/bin\/node \/opt\/rackwatch\/dist\/main\.js (.+)$/m);
  const args = adapt(command, { '/etc/rackwatch/rackwatch.yaml': '/nowhere/rackwatch.yaml' }).split(' ');
  // One that it did not understand would end with 2.
  expect(await rackwatch(...args)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/nowhere/rackwatch.yaml: ENOENT'),
  });
});

test('the key of the configuration is the credential that the unit loads', () => {
  const [, name] = /^LoadCredential=(.+):/m.exec(unit) ?? [];
  expect(told(/With `key_file: (\S+)` in the configuration/)).toBe(`/run/credentials/rackwatch.service/${name}`);
});
