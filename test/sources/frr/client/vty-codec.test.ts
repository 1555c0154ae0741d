import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCommand, ReplyDecoder } from '../../../../src/sources/frr/client/vty-codec.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** `{ "a": "é" }`, status 0, as bgpd sends it. */
const whole = bytes('7b 20 22 61 22 3a 20 22 c3 a9 22 20 7d 00 00 00 00');
const reply = { status: 0, text: '{ "a": "é" }', bytes: 13 };

test('a command is its text and a NUL', () => {
  expect(encodeCommand('show version')).toEqual(bytes('73 68 6f 77 20 76 65 72 73 69 6f 6e 00'));
  for (const text of ['show\0clear', 'show\nclear', 'show\rclear'])
    expect(() => encodeCommand(text)).toThrow(TypeError);
});

test('a reply that arrives whole', () => {
  expect(new ReplyDecoder(100).push(whole)).toEqual(reply);
});

test('a reply that arrives byte by byte, and split at every boundary', () => {
  const decoder = new ReplyDecoder(100);
  const results = [...whole].map((byte) => decoder.push(Buffer.from([byte])));
  expect(results.at(-1)).toEqual(reply);
  expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
  for (let at = 1; at < whole.length; at++) {
    const split = new ReplyDecoder(100);
    expect(split.push(whole.subarray(0, at))).toBeUndefined();
    expect(split.push(whole.subarray(at))).toEqual(reply);
  }
});

test('a reply that is cut short is never whole', () => {
  for (let length = 0; length < whole.length; length++)
    expect(new ReplyDecoder(100).push(whole.subarray(0, length))).toBeUndefined();
});

test.each([
  ['unknown command', '2501 00 00 00 02', 2],
  ['warning with an empty object', '7b7d 00 00 00 01', 1],
  ['no text', '00 00 00 00', 0],
  ['a status that nobody knows', '41 00 00 00 ff', 255],
])('the status: %s', (_, hex, status) => {
  expect(new ReplyDecoder(100).push(bytes(hex))?.status).toBe(status);
});

test('a text over the bound is read to its end and not kept', () => {
  const decoder = new ReplyDecoder(12);
  expect(decoder.push(whole.subarray(0, 5))).toBeUndefined();
  expect(decoder.push(whole.subarray(5))).toEqual({ status: 0, text: '', bytes: 13 });
  expect(new ReplyDecoder(13).push(whole)).toEqual(reply);
});

test.each([
  ['no status after the text', '41 00 41', 'no status'],
  ['no status, late', '41 00 00 41', 'no status'],
  ['more after the end', '41 00 00 00 00 41', 'after the end'],
  ['a second reply at once', '41 00 00 00 00 41 00 00 00 00', 'after the end'],
])('garbage: %s', (_, hex, message) => {
  expect(() => new ReplyDecoder(100).push(bytes(hex))).toThrow(message);
});

test('random bytes give a reply, wait for more, or are refused', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (chunks) => {
      const decoder = new ReplyDecoder(64);
      const text = Buffer.concat(chunks);
      try {
        for (const chunk of chunks) {
          const result = decoder.push(chunk);
          if (!result) continue;
          const end = text.indexOf(0);
          expect(result.bytes).toBe(end);
          expect(text.subarray(end, end + 3)).toEqual(Buffer.alloc(3));
          return;
        }
        expect(text.includes(Buffer.alloc(4))).toBe(false);
      } catch (error) {
        expect((error as Error).message).toMatch(/no status|after the end|expected/);
        if (/expected/.test((error as Error).message)) throw error;
      }
    }),
  );
});
