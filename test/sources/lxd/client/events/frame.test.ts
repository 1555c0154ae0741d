import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeControl, FrameReader } from '../../../../../src/sources/lxd/client/events/frame.ts';
import { frame } from '../../../../fakes/websocket.ts';

const LIMIT = 100_000;

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

function readAll(chunks: readonly Buffer[], limit = LIMIT): [string, string][] {
  const reader = new FrameReader(limit);
  return chunks.flatMap((chunk) => reader.push(chunk)).map(({ kind, payload }) => [kind, payload.toString('latin1')]);
}

// https://www.rfc-editor.org/rfc/rfc6455#section-5.7
const examples: readonly [string, string, [string, string][]][] = [
  ['a text in one frame', '8105 48656c6c6f', [['text', 'Hello']]],
  ['a text in two frames', '0103 48656c 8002 6c6f', [['text', 'Hello']]],
  ['a ping', '8905 48656c6c6f', [['ping', 'Hello']]],
  [
    'a ping between two parts',
    '0103 48656c 8900 8002 6c6f',
    [
      ['ping', ''],
      ['text', 'Hello'],
    ],
  ],
  ['binary in three parts', '0201 61 0001 62 8001 63', [['binary', 'abc']]],
  [
    'two texts',
    '8101 61 8101 62',
    [
      ['text', 'a'],
      ['text', 'b'],
    ],
  ],
  ['an empty text', '8100', [['text', '']]],
  ['a close with a reason', '8802 03e8', [['close', '\x03\xe8']]],
  ['a pong', '8a00', [['pong', '']]],
];

describe.each(examples)('%s', (_name, bytes, expected) => {
  const whole = hex(bytes);

  test('whole', () => expect(readAll([whole])).toEqual(expected));

  test('byte by byte', () => expect(readAll([...whole].map((byte) => Buffer.of(byte)))).toEqual(expected));

  test('split at every boundary', () => {
    for (let at = 0; at <= whole.length; at++)
      expect(readAll([whole.subarray(0, at), whole.subarray(at)])).toEqual(expected);
  });

  test('cut short it gives what was whole, and no error', () => {
    for (let at = 0; at < whole.length; at++) {
      const read = readAll([whole.subarray(0, at)]);
      expect(read).toEqual(expected.slice(0, read.length));
      expect(read.length).toBeLessThan(expected.length);
    }
  });
});

test.each([125, 126, 127, 65_535, 65_536, LIMIT])('a text of %i bytes, however it arrives', (length) => {
  const bytes = frame({ opcode: 1, payload: 'x'.repeat(length) });
  const expected = [['text', 'x'.repeat(length)]];
  expect(readAll([bytes])).toEqual(expected);
  for (let at = 0; at < 14; at++) expect(readAll([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
});

test.each([
  ['a masked frame', '8185 37fa213d 7f9f4d5158', /masks its frames/],
  ['a compressed frame', 'c100', /extension/],
  ['an unknown kind of data', '8300', /unknown kind 3/],
  ['an unknown kind of control', '8b00', /unknown kind 11/],
  ['a control frame in parts', '0900', /control frame/],
  ['a control frame that is too long', '897e 0080', /control frame/],
  ['a part without a beginning', '8001 61', /mixes up/],
  ['a beginning within a message', '0101 61 8101 62', /mixes up/],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request').toString('hex'), /extension/],
])('%s is refused', (_name, bytes, reason) => {
  expect(() => readAll([hex(bytes)])).toThrow(reason);
  expect(() => readAll([...hex(bytes)].map((byte) => Buffer.of(byte)))).toThrow(
    expect.objectContaining({ code: 'protocol' }),
  );
});

test.each([
  ['in its head', frame({ opcode: 1, payload: 'x'.repeat(11) }).subarray(0, 2)],
  ['in a long head', hex('817e 000b')],
  ['in the longest head there is', hex('817f 7fffffffffffffff')],
  ['over its parts', Buffer.concat([frame({ opcode: 1, final: false, payload: 'x'.repeat(10) }), hex('8001')])],
])('a message that says it is too large %s is refused before it is there', (_name, bytes) => {
  expect(() => readAll([bytes], 10)).toThrow(expect.objectContaining({ code: 'too_large' }));
});

interface Sent {
  readonly parts: readonly Uint8Array[];
  readonly opcode: number;
  readonly pinged: boolean;
}

/** The frames of a message, with a ping between its parts where it is pinged, and what is to be read of them. */
function send({ opcode, parts, pinged }: Sent) {
  const last = parts.length - 1;
  const frames = parts.map((payload, index) =>
    frame({ opcode: index === 0 ? opcode : 0, final: index === last, payload }),
  );
  const pings = pinged ? last : 0;
  const bytes = frames.flatMap((one, index) => (index < pings ? [one, frame({ opcode: 9 })] : [one]));
  const text = Buffer.concat(parts).toString('latin1');
  const expected: [string, string][] = [...Array(pings).fill(['ping', '']), [opcode === 1 ? 'text' : 'binary', text]];
  return { bytes: Buffer.concat(bytes), expected };
}

test('frames of any kind, split anywhere, come out as they went in', () => {
  const message = fc.record({
    parts: fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 3 }),
    opcode: fc.constantFrom(1, 2),
    pinged: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.infiniteStream(fc.nat({ max: 40 })), (messages, sizes) => {
      const sent = messages.map(send);
      const bytes = Buffer.concat(sent.map((one) => one.bytes));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += chunks.at(-1)?.length ?? 0)
        chunks.push(bytes.subarray(at, at + (sizes.next().value ?? 1)));
      expect(readAll(chunks)).toEqual(sent.flatMap((one) => one.expected));
    }),
  );
});

test('random bytes are read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (chunks) => {
      const reader = new FrameReader(1000);
      try {
        for (const chunk of chunks) reader.push(Buffer.from(chunk));
      } catch (error) {
        expect(error).toMatchObject({ name: 'SourceError', code: expect.stringMatching(/^(protocol|too_large)$/) });
      }
    }),
  );
});

test('a large message in small pieces is put together once, not at every piece', () => {
  const bytes = frame({ opcode: 1, payload: 'x'.repeat(LIMIT) });
  const concat = Buffer.concat;
  let copied = 0;
  Buffer.concat = (list, length) => {
    const joined = concat(list, length);
    copied += joined.length;
    return joined;
  };
  try {
    readAll(Array.from({ length: Math.ceil(bytes.length / 50) }, (_, i) => bytes.subarray(i * 50, i * 50 + 50)));
  } finally {
    Buffer.concat = concat;
  }
  expect(copied).toBeLessThan(bytes.length * 2);
});

test('what a client sends is masked', () => {
  // The masked text of section 5.7, as a pong.
  expect(encodeControl('pong', Buffer.from('Hello'), hex('37fa213d')).toString('hex')).toBe('8a8537fa213d7f9f4d5158');
  expect(encodeControl('ping', Buffer.alloc(0), hex('01020304')).toString('hex')).toBe('898001020304');
  expect(() => encodeControl('ping', Buffer.alloc(126), hex('01020304'))).toThrow(/125/);
});
