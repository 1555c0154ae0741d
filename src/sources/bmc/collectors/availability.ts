import { codeOf, describeError } from '../../../core/errors.ts';
import { counter, gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const up = gauge('bmc_up', {
  help: 'Whether the BMC answered and accepted the login.',
  labels: ['member', 'protocol'],
});
const bmcInfo = info('bmc_info', {
  help: 'What the BMC and its server are. Labels that the BMC does not tell are missing.',
  labels: ['member', 'protocol', 'manufacturer', 'product', 'board', 'firmware'],
});
const requests = counter('bmc_requests_total', {
  help: 'Datagrams or HTTP requests sent to the BMC.',
  labels: ['member'],
});
const retries = counter('bmc_retries_total', {
  help: 'Requests that were sent again because no answer came.',
  labels: ['member'],
});
const sessions = counter('bmc_sessions_total', {
  help: 'Sessions opened. Rises with every cycle when sessions are not kept, or get lost.',
  labels: ['member'],
});
const dropped = counter('bmc_dropped_datagrams_total', {
  help: 'Datagrams that were thrown away: malformed, foreign (not our session), forged (not authentic), duplicate, late.',
  labels: ['member', 'reason'],
});

/** Says that a BMC is down, so it must not fail itself; the others fail with the reason. */
export const availability: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'availability',
  isWitness: true,
  help: 'Whether the BMC answers, what it is, and what the way there costs.',
  metrics: [up, bmcInfo, requests, retries, sessions, dropped],
  async collect({ client: { address, bmc, member }, emit, log, signal }) {
    const { protocol } = bmc;
    let reachable = true;
    try {
      const { board = '', firmware = '', manufacturer = '', product = '' } = await bmc.identity(signal);
      emit(bmcInfo, { member, protocol, manufacturer, product, board, firmware }, 1);
    } catch (error) {
      if (codeOf(error) === 'closed') throw error;
      log.debug({ code: codeOf(error), reason: describeError(error) }, 'the BMC is down');
      reachable = false;
    }
    emit(up, { member, protocol }, reachable ? 1 : 0);
    const traffic = bmc.traffic();
    emit(requests, { member }, traffic.requests);
    emit(retries, { member }, traffic.retries);
    emit(sessions, { member }, traffic.sessions);
    for (const [reason, count] of Object.entries(traffic.dropped)) emit(dropped, { member, reason }, count);
    return { member, address, reachable };
  },
};
