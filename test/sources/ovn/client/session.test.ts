import { duplexPair } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from '../../../../src/sources/ovn/client/session.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const [near, far] = duplexPair();
  const notifications: unknown[] = [];
  const session = new Session(near, {
    answerTimeoutMs: 3_000,
    idleMs: 5_000,
    maxMessageBytes: 1_000,
    onNotification: (...message) => notifications.push(message),
  });
  let sent = '';
  far.on('data', (chunk: Buffer) => {
    sent += chunk.toString();
  });
  return { session, far, notifications, sent: () => sent };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('matches answers to questions in any order', async () => {
  const { session, far, sent } = start();
  const answers = Promise.all([session.request('a', []), session.request('b', [1])]);
  await turn();
  expect(sent()).toBe('{"id":1,"method":"a","params":[]}{"id":2,"method":"b","params":[1]}');
  far.write('{"id":2,"result":"B","error":null}{"id":1,"result":"A","error":null}');
  await expect(answers).resolves.toEqual(['A', 'B']);
});

test('hands over an answer before it looks at the next message', async () => {
  const { session, far, notifications } = start();
  const seen: unknown[] = [];
  const answer = session.request('a', [], { take: (result) => seen.push(result, notifications.length) });
  far.write('{"id":1,"result":"A"}{"id":null,"method":"update3","params":[]}');
  await answer;
  expect(seen).toEqual(['A', 0]);
  expect(notifications).toEqual([['update3', []]]);
});

test('gives the error of the server, and goes on', async () => {
  const { session, far } = start();
  const refused = session.request('nosuch', []);
  far.write('{"id":1,"error":"unknown method"}');
  await expect(refused).rejects.toMatchObject({ code: 'unsupported' });
  const next = session.request('a', []);
  far.write('{"id":2,"result":[]}');
  await expect(next).resolves.toEqual([]);
});

test('answers an echo, and refuses anything else that it is asked', async () => {
  const { far, sent } = start();
  far.write('{"id":"echo","method":"echo","params":["x"]}{"id":9,"method":"steal","params":[]}');
  await turn();
  expect(sent()).toBe('{"id":"echo","result":["x"],"error":null}{"id":9,"result":null,"error":"unknown method"}');
});

test('asks for an echo when nothing comes, and ends when that is not answered', async () => {
  const { session, far, sent } = start();
  vi.advanceTimersByTime(4_000);
  far.write(' ');
  await turn();
  vi.advanceTimersByTime(4_999);
  await turn();
  expect(sent()).toBe('');
  vi.advanceTimersByTime(1);
  await turn();
  expect(sent()).toBe('{"id":1,"method":"echo","params":[]}');
  vi.advanceTimersByTime(3_000);
  await expect(session.closed).resolves.toMatchObject({ code: 'timeout' });
});

test('ends when a question is not answered in time', async () => {
  const { session } = start();
  const both = Promise.allSettled([session.request('a', []), session.request('b', [])]);
  vi.advanceTimersByTime(3_000);
  expect((await both).map((result) => (result as PromiseRejectedResult).reason.code)).toEqual(['timeout', 'timeout']);
  await expect(session.request('c', [])).rejects.toMatchObject({ code: 'timeout' });
});

test('lets a question be late behind one that needs long', async () => {
  const { session, far } = start();
  const slow = session.request('monitor_cond_since', [], { slow: true, take: (result) => result });
  const quick = session.request('transact', []);
  vi.advanceTimersByTime(3_000);
  await expect(quick).rejects.toMatchObject({ code: 'timeout' });
  far.write('{"id":1,"result":"all"}{"id":2,"result":"late"}');
  await expect(slow).resolves.toBe('all');
  await turn();
  expect(session.strays).toBe(1);
});

test.each([
  ['garbage', 'garbage', 'protocol'],
  ['too long a message', `{"id":1,"result":"${'x'.repeat(1_000)}"}`, 'too_large'],
  ['an answer to nothing', '{"id":null,"result":1}', 'protocol'],
])('ends at %s', async (_what, text, code) => {
  const { session, far } = start();
  const waiting = session.request('a', []).catch((error) => error.code);
  far.write(text);
  await expect(session.closed).resolves.toMatchObject({ code });
  await expect(waiting).resolves.toBe(code);
});

test('ends when the server closes', async () => {
  const { session, far } = start();
  const waiting = session.request('a', []).catch((error) => error.code);
  far.end();
  await expect(session.closed).resolves.toMatchObject({ code: 'connect' });
  await expect(waiting).resolves.toBe('connect');
});
