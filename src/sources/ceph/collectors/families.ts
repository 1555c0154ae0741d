import { regroupText } from '../../../core/regroup-text.ts';
import { MAX_BODY_BYTES } from '../client/manager/http-text.ts';
import { wantedSections } from '../client/manager/sections.ts';
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
      await regroupText(partsOf(body, keep), { family, keep, maxBytes: MAX_BODY_BYTES });
    }
    return undefined;
  },
};

async function* partsOf(page: Buffer, keep: (family: string) => boolean): AsyncGenerator<Buffer> {
  for (const { start, end } of wantedSections(page, keep)) yield page.subarray(start, end);
}
