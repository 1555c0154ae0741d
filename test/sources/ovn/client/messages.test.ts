import { expect, test } from 'vitest';
import {
  decodeMessage,
  encodeRequest,
  encodeResponse,
  peerError,
} from '../../../../src/sources/ovn/client/messages.ts';

test('tells requests, notifications and responses apart', () => {
  expect(decodeMessage({ id: 'echo', method: 'echo', params: [1] })).toEqual({
    kind: 'request',
    id: 'echo',
    method: 'echo',
    params: [1],
  });
  expect(decodeMessage({ id: null, method: 'update3', params: [] }).kind).toBe('notification');
  expect(decodeMessage({ method: 'update3', params: [] }).kind).toBe('notification');
  expect(decodeMessage({ id: 0, result: {}, error: null })).toEqual({
    kind: 'response',
    id: 0,
    result: {},
    error: undefined,
  });
  // ovsdb-server leaves `result` out of an error.
  expect(decodeMessage({ id: 1, error: 'unknown method' })).toMatchObject({ id: 1, error: 'unknown method' });
});

test.each([
  [[]],
  [null],
  ['x'],
  [{}],
  [{ result: 1 }],
  [{ id: null, result: 1 }],
  [{ id: 1, method: 3, params: [] }],
  [{ id: 1, method: 'm', params: {} }],
  [{ id: 1, method: 'm' }],
])('refuses %j', (value) => {
  expect(() => decodeMessage(value)).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test('writes requests and responses', () => {
  expect(encodeRequest(7, 'get_schema', ['OVN_Northbound'])).toBe(
    '{"id":7,"method":"get_schema","params":["OVN_Northbound"]}',
  );
  expect(encodeResponse('echo', [])).toBe('{"id":"echo","result":[],"error":null}');
  expect(encodeResponse(1, null, 'unknown method')).toBe('{"id":1,"result":null,"error":"unknown method"}');
});

// The left column is what ovsdb-server 3.1 and ovn-northd 23.03 answered.
test.each([
  ['unknown method', 'unsupported'],
  ['"nosuch" is not a valid command (use "list-commands" to see a list of valid commands)\n', 'unsupported'],
  [{ error: 'unknown database', details: 'get_schema request specifies unknown database Nope' }, 'not_found'],
  [
    { error: 'not allowed', details: 'insert operation not allowed when database server is in read only mode' },
    'forbidden',
  ],
  [{ error: 'syntax error', details: 'no table named NoTable' }, 'protocol'],
  [{ error: 'not supported', details: 'x' }, 'unsupported'],
])('gives %j its code', (error, code) => {
  expect(peerError('m', error)).toMatchObject({ code, message: expect.stringMatching(/^m: /) });
});
