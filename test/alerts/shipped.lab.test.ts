import { expect, test } from 'vitest';
import { describeLab, run } from '../labs/lab.ts';
import { alertLabs, programOf } from '../labs/needs.ts';
import { alertsFolder, listShipped } from './shipped.ts';

const configuration = `--config.file=${alertsFolder}alertmanager.yml`;
const ruleFiles = listShipped('rules', '.yml').map((file) => `${alertsFolder}rules/${file}`);

for (const lab of alertLabs) {
  describeLab(lab, () => {
    const promtool = (...args: readonly string[]) => run(programOf(lab, 'promtool'), args);
    const amtool = (...args: readonly string[]) => run(programOf(lab, 'amtool'), args);

    test('which releases these are', async () => {
      for (const version of [await promtool('--version'), await amtool('--version')]) {
        process.stdout.write(`${lab}: ${version.split('\n')[0]}\n`);
        expect(version).toMatch(/, version \d+\.\d+/);
      }
    });

    test('Prometheus takes its configuration, with all rules', async () => {
      expect(await promtool('check', 'config', `${alertsFolder}prometheus.yml`)).toContain('8 rule files found');
    });

    test('no rule of any file is a duplicate, or otherwise odd', async () => {
      const output = await promtool('check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles);
      expect(output.match(/SUCCESS/g)).toHaveLength(ruleFiles.length);
    });

    test.each(listShipped('tests', '.yml'))('promtool finds %s to hold', async (file) => {
      expect(await promtool('test', 'rules', `${alertsFolder}tests/${file}`)).toContain('SUCCESS');
    });

    test('Alertmanager takes its configuration and templates', async () => {
      const output = await amtool('check-config', `${alertsFolder}alertmanager.yml`);
      expect(output).toContain('SUCCESS');
      expect(output).not.toContain('FAILED');
    });

    test.each([
      [['alertname=Watchdog', 'severity=none'], 'deadmansswitch'],
      [['alertname=MemberInMaintenance', 'severity=none', 'member=abydos'], 'nobody'],
      [['alertname=BgpTransitLost', 'severity=critical'], 'pager,mail'],
      [['alertname=BmcPsuFailed', 'severity=warning', 'component=hardware'], 'mail'],
      [['alertname=LxdInstanceDisplaced', 'severity=info'], 'digest'],
      [['alertname=SomebodyElses'], 'mail'],
      [['alertname=Odd', 'severity=page'], 'mail'],
    ])('%j goes to %s', async (labels, receivers) => {
      const args = ['config', 'routes', 'test', configuration, `--verify.receivers=${receivers}`, ...labels];
      // It may say on the same stream that it asks no server.
      expect((await amtool(...args)).trim().split('\n')).toContain(receivers);
    });
  });
}
