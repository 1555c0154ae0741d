import { expect, test } from 'vitest';
import { parseLxdVolume } from '../../../src/sources/ceph/lxd-volume.ts';

test.each([
  ['container_web1', { kind: 'container', project: 'default', name: 'web1' }],
  ['container_infra_frr1', { kind: 'container', project: 'infra', name: 'frr1' }],
  ['virtual-machine_lab_vm-win.block', { kind: 'virtual-machine', project: 'lab', name: 'vm-win' }],
  ['virtual-machine_lab_vm-win', { kind: 'virtual-machine', project: 'lab', name: 'vm-win' }],
  ['virtual-machine_vm1.block', { kind: 'virtual-machine', project: 'default', name: 'vm1' }],
  ['custom_default_backup', { kind: 'custom', project: 'default', name: 'backup' }],
  ['custom_home_media_films', { kind: 'custom', project: 'home', name: 'media_films' }],
  ['custom_lab_debian.iso', { kind: 'custom', project: 'lab', name: 'debian' }],
  ['custom_backup', undefined],
  ['container_a_b_c', undefined],
  ['container_', undefined],
  ['container__web1', undefined],
  ['zombie_container_web1', undefined],
  ['image_6a1f0b_ext4', undefined],
  ['lxd_default', undefined],
  ['vm1', undefined],
])('%s', (image, volume) => {
  expect(parseLxdVolume(image)).toEqual(volume);
});
