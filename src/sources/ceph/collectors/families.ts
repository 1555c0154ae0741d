import { regroupText } from '../../../core/regroup-text.ts';
import { MAX_BODY_BYTES } from '../client/manager/http-text.ts';
import { healthFamilies, isCore } from '../native-families.ts';
import { type CephCollector, isHealthKnown, requirePages } from './collector.ts';

export const families: CephCollector = {
  name: 'families',
  help: "Ceph's own families as its managers and exporters serve them: the dashboards and rules made for them work.",
  metrics: [],
  async collect({ client, config, family, signal }) {
    const reading = await client.read(signal);
    const isKnown = isHealthKnown(reading);
    const keep = (name: string) =>
      (config.families === 'all' || isCore(name)) && (isKnown || !healthFamilies.has(name));
    for (const body of requirePages(reading).bodies) {
      await regroupText(body, { family, keep, maxBytes: MAX_BODY_BYTES });
    }
    return undefined;
  },
};
