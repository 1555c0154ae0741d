/**
 * The value of `mon_host` in a ceph.conf. Ceph takes spaces, hyphens and underscores in a key as the same, ends a line
 * that has a backslash at its end with the next one, and starts comments with # or ;
 * (doc/rados/configuration/ceph-conf.rst).
 */
export function readMonHost(conf: string): string | undefined {
  let section = 'global';
  for (const line of conf.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const text = line.replace(/[#;].*$/, '').trim();
    const header = /^\[(.+)\]$/.exec(text);
    if (header) section = (header[1] as string).trim();
    const [, key, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (section === 'global' && key?.trim().replaceAll(/[ -]+/g, '_') === 'mon_host') return value?.trim();
  }
  return undefined;
}
