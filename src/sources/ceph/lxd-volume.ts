/** What an RBD image is to LXD. */
export interface LxdVolume {
  readonly kind: 'container' | 'virtual-machine' | 'custom';
  readonly project: string;
  /** Name of the instance, or of the custom volume. */
  readonly name: string;
}

/**
 * Takes apart the name that LXD gives to an image: `<kind>_<project>_<name>`, and for instances of the default project
 * without the project; a virtual machine's disk ends in `.block`. Neither projects nor instances can have an underscore
 * in their names, custom volumes can (lxd/storage/drivers/driver_ceph_utils.go, getRBDVolumeName, and lxd/project).
 */
export function parseLxdVolume(image: string): LxdVolume | undefined {
  const [, kind, rest = ''] = /^(container|virtual-machine|custom)_(.+?)(?:\.block|\.iso)?$/.exec(image) ?? [];
  const parts = rest.split('_');
  if (kind === 'custom') {
    const [project = '', ...name] = parts;
    return name.length === 0 ? undefined : { kind, project, name: name.join('_') };
  }
  if ((kind !== 'container' && kind !== 'virtual-machine') || parts.length > 2) return undefined;
  const [project, name] = parts.length === 1 ? ['default', parts[0]] : parts;
  return project && name ? { kind, project, name } : undefined;
}
