import { expect, test } from 'vitest';
import { wantsColour } from '../../../src/cli/doctor/colour.ts';

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{}, {}, false],
  [{ isTTY: false }, {}, false],
])('on %j with %j: %j', (stream, env, expected) => {
  expect(wantsColour(stream, env)).toBe(expected);
});
