/** Labels and value of one line. */
export type Line = readonly [labels: Readonly<Record<string, string | number>>, value: number];

/** A page as the manager's prometheus module writes it: it starts with an empty line, and every number has a point. */
export class PageWriter {
  text = '';

  family(name: string, type: 'counter' | 'gauge' | 'untyped', help: string, lines: readonly Line[]): void {
    this.text += `\n# HELP ceph_${name} ${help}\n# TYPE ceph_${name} ${type}`;
    for (const [labels, value] of lines) {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      this.text += `\nceph_${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${withPoint(value)}`;
    }
  }

  /** The two families that Ceph makes of an average. */
  average(
    name: string,
    help: string,
    lines: readonly (readonly [labels: Line[0], sum: number, count: number])[],
  ): void {
    this.family(
      `${name}_sum`,
      'counter',
      `${help} Total`,
      lines.map(([labels, sum]) => [labels, sum]),
    );
    this.family(
      `${name}_count`,
      'counter',
      `${help} Count`,
      lines.map(([labels, , count]) => [labels, count]),
    );
  }

  end(): string {
    return `${this.text}\n`;
  }
}

const withPoint = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
