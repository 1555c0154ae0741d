import { expect, test } from 'vitest';
import { describeLab, run } from '../labs/lab.ts';
import { alertsFolder, listShipped } from './shipped.ts';

const configuration = `--config.file=${alertsFolder}alertmanager.yml`;

describeLab('alertmanager', () => {
  test('Prometheus takes its configuration, with all rules', async () => {
    expect(await run('promtool', ['check', 'config', `${alertsFolder}prometheus.yml`])).toContain('8 rule files found');
  });

  test.each(listShipped('tests', '.yml'))('promtool finds %s to hold', async (file) => {
    expect(await run('promtool', ['test', 'rules', `${alertsFolder}tests/${file}`])).toContain('SUCCESS');
  });

  test('Alertmanager takes its configuration and templates', async () => {
    const output = await run('amtool', ['check-config', `${alertsFolder}alertmanager.yml`]);
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
    expect((await run('amtool', args)).trim().split('\n')).toContain(receivers);
  });
});
