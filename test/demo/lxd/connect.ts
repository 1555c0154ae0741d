import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { startLxd } from '../../../src/demo/lxd/index.ts';
import { members } from '../../../src/demo/rack.ts';
import { RackState } from '../../../src/demo/state.ts';
import { createClock } from '../manual-clock.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

interface Credentials {
  readonly cert?: string;
  readonly key?: string;
}

export type Rack = Awaited<ReturnType<typeof connect>>;

/** The simulated cluster with a clock that stands still, and a client of it that shares no code with rackwatch's own. */
export async function connect() {
  const clock = createClock();
  const state = new RackState(clock);
  const part = await startLxd(state, 0);
  const file = (key: string) => readFileSync(part.config[key] as string, 'utf8');
  const own: Credentials = { cert: file('certificate'), key: file('key_file') };
  const ca = file('server_certificate');
  const endpoints = part.config.endpoints as readonly string[];
  const ask = (path: string, member = 'abydos', credentials = own, method = 'GET') =>
    fetchOnce(`${endpoints[members.findIndex(({ name }) => name === member)]}${path}`, { ca, method, ...credentials });
  const read = async (path: string, member?: string) => {
    const answer = await ask(path, member);
    if (answer.status !== 200) throw new Error(`${answer.status} for ${path}: ${answer.text}`);
    return answer.text;
  };
  const get = async (path: string, member?: string) => JSON.parse(await read(path, member)).metadata;
  return { clock, state, part, ca, ask, read, get };
}

function fetchOnce(url: string, options: Credentials & { ca: string; method: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
