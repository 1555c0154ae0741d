import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redundancy } from '../../src/insights/redundancy.ts';
import { survival } from '../../src/insights/survival.ts';
import { lose, rackFacts } from './rack-facts.ts';
import { ledgerOf } from './redundancy/ledger.ts';
import { memberLosses, osdLosses } from './survival/losses.ts';
import { type Heards, valuesOf } from './targets.ts';

const options = { nowMs: 100_000 };
const runs = { numRuns: 300 };

const rackAndMember = rackFacts.chain(({ heards, members }) =>
  fc.record({ heards: fc.constant(heards), member: fc.constantFrom(...members) }),
);

/** Of each line that is still there, the value at `at` has not risen. */
function expectNoRise(before: Record<string, number[]>, after: Record<string, number[]>, at: number): void {
  for (const [name, line] of Object.entries(after)) {
    const old = before[name]?.[at];
    if (old !== undefined && (line[at] as number) > old) expect.fail(`${name} rose from ${old} to ${line[at]}`);
  }
}

test('the loss of a member raises nothing that is tolerated', () => {
  fc.assert(
    fc.property(rackAndMember, ({ heards, member }) => {
      expectNoRise(ledgerOf(heards, options), ledgerOf(lose(heards, member), options), 3);
    }),
    runs,
  );
});

test('what does not survive the loss of a member does not survive it after that of another one', () => {
  fc.assert(
    fc.property(rackAndMember, ({ heards, member }) => {
      const lost = lose(heards, member);
      // What is lost already is not lost once more.
      const others = Object.entries(memberLosses(lost, options)).filter(([name]) => !name.startsWith(`${member} `));
      expectNoRise(memberLosses(heards, options), Object.fromEntries(others), 0);
      expectNoRise(osdLosses(heards, options), osdLosses(lost, options), 0);
    }),
    runs,
  );
});

test('what is tolerated is what there is beyond the minimum', () => {
  fc.assert(
    fc.property(rackFacts, ({ heards }) => {
      for (const [current, , minimum, tolerated] of Object.values(ledgerOf(heards, options))) {
        expect(tolerated).toBe((current as number) - (minimum as number));
      }
    }),
    runs,
  );
});

/** Which source each line is of, by the first word of its component or the word of its resource. */
const sourceOf: Readonly<Record<string, string>> = {
  ...{ psu: 'bmc', fan: 'bmc', bond_leg: 'lxd', mesh_link: 'lxd', lxd_voter: 'lxd', anycast_origin: 'lxd' },
  ...{ ceph_mon: 'ceph', ceph_mgr: 'ceph', ceph_mds: 'ceph', ceph_osd_host: 'ceph' },
  ...{ ovn_nb: 'ovn', ovn_sb: 'ovn', ovn_northd: 'ovn', ovn_gateway: 'ovn', vrrp_backup: 'frr', bgp_transit: 'frr' },
  ...{ memory: 'lxd', lxd_quorum: 'lxd', ceph_quorum: 'ceph', storage_availability: 'ceph', storage_recovery: 'ceph' },
  ...{ gateways: 'ovn', ovn_nb_quorum: 'ovn', ovn_sb_quorum: 'ovn' },
};

test('a source that is silent has no sample, whatever the others say', () => {
  const spoken = new Set<string>();
  fc.assert(
    fc.property(rackFacts, fc.subarray(['lxd', 'ceph', 'ovn', 'frr', 'bmc']), ({ heards }, speaking) => {
      const heard: Heards = Object.fromEntries(Object.entries(heards).filter(([source]) => speaking.includes(source)));
      for (const insight of [redundancy, survival]) {
        for (const series of valuesOf(insight, heard, options).keys()) {
          const word = /(?:component|resource)="(\w+)"/.exec(series)?.[1];
          const source = word === undefined ? 'ceph' : sourceOf[word];
          spoken.add(word ?? 'osd');
          if (source === undefined || !speaking.includes(source)) expect.fail(`${series} while ${speaking} speak`);
        }
      }
    }),
    { ...runs, seed: 1 },
  );
  // All of them were seen, so that the property has spoken of each.
  expect([...spoken].sort()).toEqual([...Object.keys(sourceOf), 'osd'].sort());
});

test('sources that have nothing to say give nothing', () => {
  const empty = Object.fromEntries(['lxd', 'ceph', 'ovn', 'frr', 'bmc'].map((source) => [source, [{ facts: {} }]]));
  expect([...valuesOf(redundancy, empty), ...valuesOf(survival, empty)]).toEqual([]);
});
