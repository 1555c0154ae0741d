import { createServer } from 'node:http';
import { request } from 'undici';
import { lxdText } from './text.mjs';

/*
 * The other side of the benchmarks, in a process of its own, so that its CPU and its event loop do not count. It
 * serves `/N`, a text of N series, and fetches the page that it is told to.
 */

const texts = new Map();

const server = createServer((message, response) => {
  const count = Number(message.url.slice(1));
  if (!texts.has(count)) texts.set(count, Buffer.concat([...lxdText(count)]));
  response.end(texts.get(count));
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', async ({ url, gzip }) => {
  try {
    const headers = gzip ? { 'accept-encoding': 'gzip' } : {};
    const { body } = await request(url, { headers, headersTimeout: 0, bodyTimeout: 0 });
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    process.send({ bytes });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
