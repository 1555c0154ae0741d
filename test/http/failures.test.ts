import { expect, test } from 'vitest';
import { SourceError } from '../../src/core/errors.ts';
import { renderFailures } from '../../src/http/failures.ts';

test('a reason that several collectors share stands once, with all of them', () => {
  const late = new SourceError('timeout', 'not done within 9 s');
  const html = renderFailures([
    { collector: 'bgp', failure: late },
    { collector: 'daemons' },
    { collector: 'routes', failure: new SourceError('protocol', 'no <JSON>') },
    { collector: 'bfd', failure: new SourceError('timeout', 'not done within 9 s') },
  ]);
  expect(html).toBe(
    '<b>bgp, bfd</b> not done within 9 s <code>timeout</code><br><b>routes</b> no &lt;JSON&gt; <code>protocol</code>',
  );
});

test('where nothing failed, nothing is said', () => {
  expect(renderFailures([{ collector: 'bgp' }])).toBe('');
});
