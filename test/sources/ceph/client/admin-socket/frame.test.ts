import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAnswer, encodeCommand, parseAnswer } from '../../../../../src/sources/ceph/client/admin-socket/frame.ts';

const answer = Buffer.from('000000077b2261223a317d', 'hex');

test('a command is JSON and NUL', () => {
  expect(encodeCommand('perf dump').toString('latin1')).toBe('{"prefix":"perf dump","format":"json"}\0');
});

test('an answer is there when its last byte is, and not before', () => {
  for (let end = 0; end < answer.length; end++) expect(decodeAnswer(answer.subarray(0, end))).toBeUndefined();
  expect(decodeAnswer(answer)).toBe('{"a":1}');
  expect(decodeAnswer(Buffer.concat([answer, Buffer.from('more')]))).toBe('{"a":1}');
  expect(decodeAnswer(Buffer.alloc(4))).toBe('');
});

test('a length that no answer has is refused', () => {
  expect(() => decodeAnswer(Buffer.from('7fffffff', 'hex'))).toThrow(expect.objectContaining({ code: 'too_large' }));
});

test('random bytes give an answer, none yet, or an error of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        const text = decodeAnswer(Buffer.from(bytes));
        if (text !== undefined) parseAnswer(text);
      } catch (error) {
        expect(['too_large', 'protocol', 'unsupported']).toContain((error as { code?: string }).code);
      }
    }),
  );
});

test.each([
  ['ERROR: (22) Invalid argument\nunknown command prefix counter dump', 'unsupported'],
  ['', 'unsupported'],
  ['{"osd":', 'protocol'],
])('%j is an error', (text, code) => {
  expect(() => parseAnswer(text)).toThrow(expect.objectContaining({ code }));
});
