import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mail, Page } from '../labs/inbox.ts';
import { describeLab, until } from '../labs/lab.ts';
import type { Page as RackPage } from '../labs/page.ts';
import { rackConfig, startRack, stopRack } from '../labs/rack.ts';
import { type Rackwatch, startRackwatch } from '../labs/rackwatch.ts';
import { type Messengers, startMessengers } from './messengers.ts';
import { type Fault, firstFaults, MOVING, mendSupplies, secondFaults } from './real-faults.ts';
import { PAGER_KEY } from './receivers.ts';
import { alerts, secondsOf } from './shipped.ts';

/** Everything waits so many times shorter than as shipped. The daemons take their own time. */
const SPEED = 10;

/** Five real systems need longer for a scrape than the simulated rack. */
const SCRAPE_MS = 4000;

/** What alertmanager.yml waits for the rest of a group, in seconds. */
const GROUP_WAIT = { mail: 30, pager: 10 } as const;

/** Real faults of five real systems, followed through the shipped files to a mail server and a pager. */
describeLab(['lxd', 'ceph', 'ovn', 'frr', 'bmc', 'alertmanager'], () => {
  let rackwatch: Rackwatch;
  let messengers: Messengers;
  const causedAt = new Map<Fault, number>();

  beforeAll(async () => {
    await startRack();
    await mendSupplies();
    rackwatch = await startRackwatch(rackConfig());
    const page = await rackwatch.scrapeUntil('every source answers, and the gateway is where it should be', (one) => {
      const targets = one.find('rackwatch_target_up');
      return gatewayOf(one, MOVING) === 'm2' && targets.length > 0 && targets.every(({ value }) => value === 1);
    });
    const targets = page.find('rackwatch_target_up').length;
    const port = Number(new URL(rackwatch.url).port);
    const silent = 'alertname="RackwatchDown"';
    messengers = await startMessengers({
      lab: 'alertmanager',
      port,
      targets,
      silent,
      speed: SPEED,
      scrapeMs: SCRAPE_MS,
    });
    await silenceKnown(messengers);
  }, 420_000);

  afterAll(async () => {
    await messengers?.close();
    await rackwatch?.stop();
    await stopRack();
  }, 300_000);

  const textOf = (message: Mail | Page): string =>
    'payload' in message ? (message.payload.custom_details['alerts'] ?? '') : message.text;
  const received = (by: Fault['by']): readonly (Mail | Page)[] =>
    by === 'pager' ? messengers.inbox.pages : messengers.inbox.mails;
  /** Messages that have the fault among what fires, or among what is over. */
  const about = ({ by, says }: Fault, state: 'firing' | 'over') =>
    received(by).filter((message) => {
      const lines = textOf(message).split('\n');
      return lines.some((line) => line.includes(says) && line.startsWith('OK: ') === (state === 'over'));
    });

  const tellAll = async (faults: readonly Fault[], state: 'firing' | 'over') => {
    const isTold = () => {
      const untold = faults.filter((fault) => about(fault, state).length === 0).map(({ says }) => says);
      if (untold.length === 0) return true;
      throw new Error(`not told: ${untold.join('; ')}. Told: ${[...told(messengers)].join('; ')}`);
    };
    await until(isTold, {
      what: `all are told to be ${state}`,
      timeoutMs: 150_000,
    });
  };
  const cause = (faults: readonly Fault[]) =>
    Promise.all(
      faults.map(async (fault) => {
        causedAt.set(fault, Date.now());
        await fault.cause();
      }),
    );

  test('runs the shipped files with other addresses, secrets and times', () => {
    expect(messengers.differences).toEqual([]);
  });

  test('the first of each is told', { timeout: 200_000 }, async () => {
    await cause(firstFaults);
    await tellAll(firstFaults, 'firing');
  });

  test('the gateway has gone to another chassis', async () => {
    expect(gatewayOf(await rackwatch.scrape(), MOVING)).toBe('m1');
  });

  test('the last of two is told by the pager', { timeout: 200_000 }, async () => {
    await cause(secondFaults);
    await tellAll(secondFaults, 'firing');
  });

  test('what is repaired is told to be over', { timeout: 240_000 }, async () => {
    const faults = [...firstFaults, ...secondFaults];
    // Two faults may have one repair, which must not run twice at once.
    await Promise.all([...new Set(faults.map(({ repair }) => repair))].map((repair) => repair()));
    await tellAll(faults, 'over');
    for (const fault of faults) process.stdout.write(`${timesOf(fault)}\n`);
  });

  test.each(firstFaults.filter(({ by }) => by === 'mail'))('$name: the mails', (fault) => {
    for (const mail of [about(fault, 'firing')[0], about(fault, 'over')[0]]) {
      expect(mail).toMatchObject({ to: 'operator@example.net', secure: true, user: 'rackwatch@example.net' });
    }
  });

  test.each([...firstFaults, ...secondFaults].filter(({ by }) => by === 'pager'))('$name: the pages', (fault) => {
    const [trigger] = about(fault, 'firing') as readonly Page[];
    const [resolve] = about(fault, 'over') as readonly Page[];
    const component = alerts.find(({ alert }) => alert === fault.alert)?.labels['component'];
    expect(trigger).toMatchObject({
      routing_key: PAGER_KEY,
      event_action: 'trigger',
      payload: {
        // Of the worst of its group, which may be another network's.
        summary: expect.stringMatching(/ \[rack1\]$/),
        severity: 'critical',
        class: fault.alert,
        component,
      },
    });
    expect(trigger?.at).toBeGreaterThan(causedAt.get(fault) ?? Number.POSITIVE_INFINITY);
    expect(resolve).toMatchObject({ event_action: 'resolve', dedup_key: trigger?.dedup_key });
    expect(resolve?.at).toBeGreaterThan(trigger?.at ?? Number.POSITIVE_INFINITY);
  });

  /** How long it took until somebody knew, and what of that are waits that are shortened here. */
  const timesOf = (fault: Fault): string => {
    const { for: wait = '0s' } = alerts.find(({ alert }) => alert === fault.alert) ?? {};
    const waits = secondsOf(wait) + GROUP_WAIT[fault.by];
    const seconds = ((about(fault, 'firing')[0]?.at ?? Number.NaN) - (causedAt.get(fault) ?? 0)) / 1000;
    const shipped = seconds - waits / SPEED + waits;
    return `${fault.name}: ${fault.alert} by ${fault.by} after ${seconds.toFixed(1)} s; as shipped about ${shipped.toFixed(0)} s`;
  };
});

/** The member that has a network's gateway. */
const gatewayOf = (page: RackPage, network: string): string | undefined =>
  page.find('ovn_gateway_active', { network }).find(({ value }) => value === 1)?.labels['member'];

/** The labs have oddities from the start, which an operator would silence as known. */
async function silenceKnown({ alertmanagers, prometheus }: Messengers): Promise<void> {
  const known = await prometheus.query('ALERTS{severity=~"critical|warning", component!="rackwatch"}');
  for (const { metric } of known) {
    const { __name__: _family, alertstate: _state, ...labels } = metric;
    const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    process.stdout.write(`known from the start: ${matchers.join(' ')}\n`);
    const add = ['silence', 'add', ...matchers, '--author=test', '--comment=known', '--duration=1h'];
    await alertmanagers[0]?.amtool(...add);
  }
}

function* told({ inbox }: Messengers): Iterable<string> {
  for (const { subject } of inbox.mails) yield subject;
  for (const { event_action: action, payload } of inbox.pages) yield `${action} ${payload.summary}`;
}
