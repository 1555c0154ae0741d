import { afterEach, expect, test } from 'vitest';
import { dialVty } from '../../../../src/sources/frr/client/dial.ts';
import { VtyConnection } from '../../../../src/sources/frr/client/vty-connection.ts';
import { type FakeVty, startFakeVty, type VtyAnswer } from '../../../fakes/vty-server.ts';
import { until } from '../../../labs/lab.ts';

let fake: FakeVty;
let connection: VtyConnection;
afterEach(async () => {
  await connection.close();
  await fake.close();
});

async function connect(answer: (command: string) => VtyAnswer, options?: { chunkBytes: number }): Promise<void> {
  fake = await startFakeVty('bgpd', answer, options);
  const path = `${fake.folder}/bgpd.vty`;
  connection = new VtyConnection({ name: 'bgpd', dial: (signal) => dialVty({ path }, signal) });
}

const never = new AbortController().signal;
const run = (text: string, signal = never, maxBytes = 1000) => connection.run(text, maxBytes, signal);
const echo = (command: string): VtyAnswer => [`<${command}>`, 0];

test('commands that are asked at once are sent one after the other, over one connection', async () => {
  await connect(echo, { chunkBytes: 1 });
  const replies = await Promise.all(['a', 'b', 'c'].map((text) => run(text)));
  expect(replies.map(({ text }) => text)).toEqual(['<a>', '<b>', '<c>']);
  expect(fake.accepted).toBe(1);
  expect((await run('d')).text).toBe('<d>');
  expect(fake.accepted).toBe(1);
});

test('a request whose time is over is not hung up on, and nothing else is asked until it is answered', async () => {
  await connect((command) => (command === 'slow' ? 'silence' : echo(command)));
  const time = new AbortController();
  const slow = run('slow', time.signal);
  const waiting = run('next');
  await until(() => fake.commands.length === 1, { what: 'the command arrives' });
  time.abort();
  await expect(slow).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('slow') });
  await expect(waiting).rejects.toMatchObject({ code: 'timeout' });
  await expect(run('more')).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('slow') });
  expect([fake.accepted, fake.open, fake.commands.length]).toEqual([1, 1, 1]);
  fake.release('late', 0);
  await until(async () => (await run('again')).text === '<again>', { what: 'the connection is used again' });
  expect([fake.accepted, fake.open]).toEqual([1, 1]);
});

test('a request that has not been sent is forgotten when its time is over', async () => {
  await connect((command) => (command === 'slow' ? 'silence' : echo(command)));
  const slow = run('slow');
  const time = new AbortController();
  const waiting = run('never sent', time.signal);
  time.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'timeout' });
  await until(() => fake.commands.length === 1, { what: 'the command arrives' });
  fake.release('there', 0);
  expect((await slow).text).toBe('there');
  await run('next');
  expect(fake.commands).toEqual(['slow', 'next']);
});

test('a reply over its bound is an error, and the connection goes on', async () => {
  await connect((command) => (command === 'big' ? ['x'.repeat(5000), 0] : echo(command)), { chunkBytes: 700 });
  await expect(run('big')).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('5000') });
  expect((await run('small')).text).toBe('<small>');
  expect(fake.accepted).toBe(1);
});

test('a daemon that hangs up fails what it was asked, and is dialled again', async () => {
  await connect((command) => (command === 'die' ? 'hang up' : echo(command)));
  await expect(run('die')).rejects.toMatchObject({ code: 'connect' });
  expect((await run('there?')).text).toBe('<there?>');
  expect(fake.accepted).toBe(2);
  fake.hangUp();
  await until(async () => (await run('idle')).text === '<idle>', { what: 'it is dialled again' });
});

test.each([
  ['a text without a status', Buffer.from('41004200', 'hex')],
  ['two replies', Buffer.from('41000000004200000000', 'hex')],
])('garbage ends the connection: %s', async (_, raw) => {
  await connect((command) => (command === 'odd' ? raw : echo(command)));
  await expect(run('odd')).rejects.toMatchObject({ code: 'protocol' });
  expect((await run('even')).text).toBe('<even>');
  expect(fake.accepted).toBe(2);
});

test('closing lets a reply arrive first, and refuses what comes after', async () => {
  await connect((command) => (command === 'slow' ? 'silence' : echo(command)));
  const slow = run('slow');
  await until(() => fake.commands.length === 1, { what: 'the command arrives' });
  const closing = connection.close();
  await expect(run('more')).rejects.toMatchObject({ code: 'closed' });
  fake.release('done', 0);
  expect((await slow).text).toBe('done');
  await closing;
  await until(() => fake.open === 0, { what: 'the connection is closed' });
});

test('a socket that is not there, or may not be used, says so', async () => {
  await connect(echo);
  const missing = dialVty({ path: `${fake.folder}/zebra.vty` }, never);
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
  await expect(dialVty({ path: fake.folder }, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
