/** Text as LXD writes it, of as many families as LXD 5.0 has. */
export const familyCount = 36;
export const labelNames = ['cpu', 'mode', 'name', 'project', 'type'];

export const labelsOf = (i) => ({
  cpu: String(i % 8),
  mode: 'system',
  name: `instance-${i >> 3}`,
  project: `project-${i % 9}`,
  type: 'container',
});

export const sampleOf = (i) => ((i * 7919) % 100_000) / 10;

/** At least `count` series, in pieces as a socket gives them. */
export function* lxdText(count) {
  let text = '';
  for (let family = 0; family < familyCount; family++) {
    text += `# HELP lxd_kind_${family}_bytes The amount of memory of one kind in bytes.\n`;
    text += `# TYPE lxd_kind_${family}_bytes gauge\n`;
    for (let i = 0; i < count / familyCount; i++) {
      const labels = Object.entries(labelsOf(i)).map(([name, value]) => `${name}="${value}"`);
      text += `lxd_kind_${family}_bytes{${labels.join(',')}} ${sampleOf(i)}\n`;
      if (text.length < 65_536) continue;
      yield Buffer.from(text.slice(0, 65_536));
      text = text.slice(65_536);
    }
  }
  yield Buffer.from(`${text}# EOF\n`);
}
