import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as list from '../../../../src/sources/frr/client/commands.ts';
import { type Exec, ExecTransport } from '../../../../src/sources/frr/client/exec-transport.ts';
import { splitOutput, type VtyshResult } from '../../../../src/sources/frr/client/vtysh-output.ts';
import { until } from '../../../labs/lab.ts';

const mark = 'FRRouting 8.4.4 (frr01) on Linux(6.1.0).\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n';

/** A vtysh of its own: runs the commands in turn and stops at the first that fails. */
class FakeExec implements Exec {
  readonly runs: string[][] = [];
  version = mark;
  failing: Record<string, [stdout: string, stderr: string]> = {};
  hold: Promise<void> | undefined;

  async run(argv: readonly string[]): Promise<VtyshResult> {
    const commands = argv.filter((_, index) => argv[index - 1] === '-c');
    this.runs.push(commands.filter((command) => command !== 'show version'));
    await this.hold;
    let stdout = '';
    for (const command of commands) {
      const failure = this.failing[command];
      if (failure) return { code: 1, stdout: stdout + failure[0], stderr: failure[1] };
      stdout += command === 'show version' ? this.version : `{"asked":"${command}"}\n`;
    }
    return { code: 0, stdout, stderr: '' };
  }

  async close(): Promise<void> {}
}

const cycle = () => new AbortController().signal;
const text = ({ text: reply }: { text: string }) => reply;
const told = (command: string) => `{"asked":"${command}"}\n`;
const both = [list.showBgpInstances, list.showVrrp];

test('what was asked in the cycle before is asked in one run', async () => {
  const exec = new FakeExec();
  const transport = new ExecTransport(exec);
  const ask = async () => {
    const signal = cycle();
    for (const command of both) expect((await transport.ask(command, signal)).text).toBe(told(command.text));
  };
  await ask();
  expect(exec.runs).toEqual([[], ['show bgp vrfs json'], ['show vrrp json']]);
  exec.runs.length = 0;
  await ask();
  await ask();
  expect(exec.runs).toEqual([
    ['show bgp vrfs json', 'show vrrp json'],
    ['show bgp vrfs json', 'show vrrp json'],
  ]);
});

test('a command that fails takes no other with it, and a daemon that does not run takes its own', async () => {
  const exec = new FakeExec();
  const transport = new ExecTransport(exec);
  exec.failing = {
    'show bfd peers json': ['', 'bfdd is not running\n'],
    'show vrf': ['% Unknown command: show vrf\n', ''],
  };
  const signal = cycle();
  const commands = [list.showBfdPeers, list.showBfdCounters, list.showVrfs, list.showVrrp];
  const [peers, counters, vrfs, vrrp] = await Promise.allSettled(
    commands.map((command) => transport.ask(command, signal)),
  );
  expect(peers).toMatchObject({ reason: { code: 'connect', message: 'bfdd is not running' } });
  expect(counters).toMatchObject({ reason: { code: 'connect' } });
  expect(vrfs).toMatchObject({ reason: { code: 'unsupported' } });
  expect(vrrp).toMatchObject({ value: { text: told('show vrrp json') } });
});

test('an upgrade of FRR is noticed', async () => {
  const exec = new FakeExec();
  const transport = new ExecTransport(exec);
  expect((await transport.ask(list.showVrrp, cycle())).build.name).toBe('8.4.4');
  exec.version = mark.replace('8.4.4', '10.3');
  const answer = await transport.ask(list.showVrrp, cycle());
  expect([text(answer), answer.build.version]).toEqual([told('show vrrp json'), [10, 3, 0]]);
});

test('while vtysh has not ended there is no second one', async () => {
  const exec = new FakeExec();
  const transport = new ExecTransport(exec);
  await transport.ask(list.showVrrp, cycle());
  let release = () => {};
  exec.hold = new Promise((resolve) => {
    release = resolve;
  });
  exec.runs.length = 0;
  for (let round = 0; round < 3; round++) {
    const time = new AbortController();
    const asked = transport.ask(list.showVrrp, time.signal);
    setTimeout(() => time.abort(), 5);
    await expect(asked).rejects.toMatchObject({ code: 'timeout' });
  }
  expect(exec.runs).toHaveLength(1);
  release();
  exec.hold = undefined;
  await until(async () => text(await transport.ask(list.showVrrp, cycle())), { what: 'vtysh is run again' });
  expect(exec.runs.length).toBeGreaterThan(1);
});

test('the replies of a run are told apart, whatever JSON is in them', () => {
  const replies = fc.array(
    fc.json().map((json) => `${json}\n`),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(replies, (texts) => {
      const stdout = mark + texts.map((reply) => reply + mark).join('');
      expect(splitOutput({ code: 0, stdout, stderr: '' }, mark, texts.length)).toEqual({ replies: texts });
      const cut = { code: 0, stdout: stdout.slice(0, -1), stderr: '' };
      if (texts.length > 0) expect(() => splitOutput(cut, mark, texts.length)).toThrow('not whole');
    }),
  );
});

test('output that is not what was asked for', () => {
  expect(() => splitOutput({ code: 127, stdout: '', stderr: 'sh: vtysh: not found' }, mark, 1)).toThrow('not found');
  expect(splitOutput({ code: 0, stdout: 'other', stderr: '' }, mark, 1)).toBeUndefined();
  expect(() => splitOutput({ code: 0, stdout: mark + mark, stderr: '' }, mark, 2)).toThrow('not whole');
  expect(() => splitOutput({ code: 1, stdout: mark + mark + mark, stderr: '' }, mark, 1)).toThrow('after its last');
});
