import { z } from 'zod';
import { defineInsight } from '../core/insight.ts';
import { gauge } from '../core/metric.ts';
import { memoryLosses } from './survival/memory.ts';
import { gatewayLosses, quorumLosses } from './survival/quorum.ts';
import { osdLosses, storageLosses } from './survival/storage.ts';

const perMember = ['member', 'resource', 'name'] as const;
const perOsd = ['osd', 'member', 'device_class'] as const;

const survivesMember = gauge('rackwatch_survives_member_loss', {
  help: 'Whether a resource stands the loss of the member, on top of what is lost already: memory (the others can take its instances), storage_availability (the pool goes on serving), storage_recovery (the device class can restore all copies), gateways (every network keeps one), lxd_quorum, ceph_quorum, ovn_nb_quorum, ovn_sb_quorum. Absent where not enough is known.',
  labels: perMember,
});
const memberBytes = gauge('rackwatch_member_loss_margin_bytes', {
  help: 'What the others would have left over after the loss of the member, of memory or raw storage; negative is what has no place.',
  labels: perMember,
});
const memberRatio = gauge('rackwatch_member_loss_margin_ratio', {
  help: 'The same, of all the memory or usable raw storage that the others have.',
  labels: perMember,
});
const survivesOsd = gauge('rackwatch_survives_osd_loss', {
  help: 'Whether what is on the OSD can be restored elsewhere when it fails: on its host alone where there are no more hosts than copies. Absent where not enough is known.',
  labels: perOsd,
});
const osdBytes = gauge('rackwatch_osd_loss_margin_bytes', {
  help: 'Raw storage that would be left over there; negative is what has no place.',
  labels: perOsd,
});

const configSchema = z.strictObject({
  usable_ratio: z
    .number()
    .gt(0)
    .max(1)
    .default(0.85)
    .describe('How full OSDs may be after a recovery: Ceph warns at 0.85 (nearfull), and does not go on from 0.9.'),
  servers: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      "The member on which a server of OVN's databases runs, by its address, HOST or HOST:PORT, where that is neither the address of the member's LXD nor of its tunnels.",
    ),
});

export const survival = defineInsight({
  name: 'survival',
  help: 'What would happen if a server died, or an OSD.',
  metrics: [survivesMember, memberBytes, memberRatio, survivesOsd, osdBytes],
  configSchema,
  derive(input) {
    const { config, emit, facts } = input;
    const losses = [
      ...memoryLosses(facts),
      ...storageLosses(facts, config.usable_ratio),
      ...gatewayLosses(facts, input),
      ...quorumLosses(facts, config.servers),
    ];
    for (const { margin, member, name = '', resource, survives } of losses) {
      const own = { member, resource, name };
      emit(survivesMember, own, survives ? 1 : 0);
      if (margin) emit(memberBytes, own, margin.bytes);
      if (margin?.ratio !== undefined) emit(memberRatio, own, margin.ratio);
    }
    for (const { deviceClass, marginBytes, member, osd, survives } of osdLosses(facts, config.usable_ratio)) {
      const own = { osd, member, device_class: deviceClass };
      emit(survivesOsd, own, survives ? 1 : 0);
      emit(osdBytes, own, marginBytes);
    }
  },
});
