import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonFramer } from '../../../../src/sources/ovn/client/framing.ts';

const texts = [
  '{"id":null,"method":"update3","params":["d","x",{"T":{}}]}',
  '{"id":0,"result":["}{[]","\\"\\\\{"],"error":null}',
  '\n {"id":"echo","method":"echo","params":[]}',
  '\t{"name":"Zürich, 東京, 🐑}"}',
];
const stream = Buffer.from(texts.join(''));
const values = [
  { id: null, method: 'update3', params: ['d', 'x', { T: {} }] },
  { id: 0, result: ['}{[]', '"\\{'], error: null },
  { id: 'echo', method: 'echo', params: [] },
  { name: 'Zürich, 東京, 🐑}' },
];

const framer = () => new JsonFramer(10_000);
const pushAll = (chunks: readonly Buffer[]) => {
  const frames = framer();
  return chunks.flatMap((chunk) => frames.push(chunk));
};

test('reads back-to-back values in one chunk', () => {
  expect(pushAll([stream])).toEqual(values);
});

test('reads them byte by byte', () => {
  expect(pushAll([...stream].map((byte) => Buffer.from([byte])))).toEqual(values);
});

test('reads them split at every boundary', () => {
  for (let at = 0; at <= stream.length; at++) {
    expect(pushAll([stream.subarray(0, at), stream.subarray(at)])).toEqual(values);
  }
});

test('keeps nothing of a chunk whose memory is used again', () => {
  const frames = framer();
  const memory = Buffer.alloc(7);
  const got = [];
  for (let at = 0; at < stream.length; at += memory.length) {
    const length = stream.copy(memory, 0, at);
    got.push(...frames.push(memory.subarray(0, length)));
  }
  expect(got).toEqual(values);
});

test('holds what is cut short', () => {
  const ends = texts.map((_, index) => Buffer.from(texts.slice(0, index + 1).join('')).length);
  for (let length = 0; length < stream.length; length++) {
    expect(pushAll([stream.subarray(0, length)]).length).toBe(ends.filter((end) => end <= length).length);
  }
});

test('refuses a value that is too long before it is whole', () => {
  const frames = new JsonFramer(100);
  frames.push(Buffer.from('{"a":"'));
  frames.push(Buffer.alloc(94, 'x'));
  expect(() => frames.push(Buffer.from('x'))).toThrow(expect.objectContaining({ code: 'too_large' }));
});

test.each(['garbage', '}', '42', '"text"', '{}x'])('refuses %s between values', (text) => {
  expect(() => framer().push(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test.each(['{]', '{"a":}', "{'a':1}", '[1,]'])('refuses %s, which is no JSON', (text) => {
  expect(() => framer().push(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test('reads any objects in any chunks', () => {
  fc.assert(
    fc.property(fc.array(fc.object()), fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (objects, sizes) => {
      const bytes = Buffer.from(objects.map((object) => JSON.stringify(object)).join(''));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value as number;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const frames = new JsonFramer(1_000_000);
      const got = chunks.flatMap((chunk) => frames.push(chunk));
      expect(got.map((value) => JSON.stringify(value)).join('')).toBe(bytes.toString());
    }),
    { numRuns: 200 },
  );
});

test('throws nothing but its own errors on random bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
      const frames = new JsonFramer(100);
      try {
        for (const chunk of chunks) frames.push(Buffer.from(chunk));
      } catch (error) {
        expect(['protocol', 'too_large']).toContain((error as { code: string }).code);
      }
    }),
  );
});
