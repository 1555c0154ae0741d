import type { UnreachedAddress } from '../../core/source.ts';
import type { Reading } from './client/ceph-client.ts';

/** The managers, exporters and monitors of the configuration that did not answer. */
export function listUnreached({ exporters, managers, monitors }: Reading): readonly UnreachedAddress[] {
  return [
    ...managers.flatMap((answer) =>
      // A standby that is slower than the active one is not waited for: that it did not answer says nothing.
      answer.state === 'unavailable' && answer.code !== 'timeout'
        ? [{ address: answer.manager, code: answer.code }]
        : [],
    ),
    ...[...exporters].flatMap(([address, code]) => (code === undefined ? [] : [{ address, code }])),
    ...monitors.flatMap(({ monitor, reachable }): UnreachedAddress[] =>
      reachable.includes(true) ? [] : [{ address: `monitor ${monitor.label}`, code: 'connect' }],
    ),
  ];
}
