import { SourceError } from '../../../core/errors.ts';
import type { Exec } from './exec-transport.ts';
import { numberIn, objectIn, textIn } from './json.ts';
import type { LxdApi } from './lxd-api.ts';
import type { VtyshResult } from './vtysh-output.ts';

/** https://documentation.ubuntu.com/lxd/en/latest/rest-api/#operation: 103 runs, 200 succeeded, 400 failed, 401 cancelled. */
const RUNNING = 103;
const SUCCESS = 200;
/** How long one request waits for the end of the program; then it is asked again. */
const WAIT_SECONDS = 15;

/**
 * Runs a program in an instance through LXD's API, wherever the instance lives: LXD passes the request on. What the
 * program writes is recorded by LXD and fetched when it has ended, which needs no websocket, and deleted afterwards.
 */
export class LxdExec implements Exec {
  readonly #api: LxdApi;
  readonly #project: string;
  readonly #instance: string;

  constructor(api: LxdApi, { project, instance }: { project: string; instance: string }) {
    this.#api = api;
    this.#project = project;
    this.#instance = instance;
  }

  async run(argv: readonly string[]): Promise<VtyshResult> {
    const { operation } = await this.#api.json(
      'POST',
      this.#path(`/1.0/instances/${encodeURIComponent(this.#instance)}/exec`),
      {
        command: argv,
        'record-output': true,
        interactive: false,
        'wait-for-websocket': false,
      },
    );
    if (operation === undefined) throw new SourceError('protocol', 'LXD: started no operation');
    const result = await this.#wait(operation);
    const output = objectIn(result, 'output');
    const [stdout, stderr] = [textIn(output, '1'), textIn(output, '2')];
    try {
      return {
        code: numberIn(result, 'return') ?? -1,
        stdout: await this.#fetch(stdout),
        stderr: await this.#fetch(stderr),
      };
    } finally {
      for (const path of [stdout, stderr])
        if (path !== undefined) await this.#api.request('DELETE', this.#path(path)).catch(() => {});
    }
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  /** @param operation where the instance is on another member, its path has a query already */
  async #wait(operation: string): Promise<unknown> {
    for (;;) {
      const url = new URL(operation, 'http://lxd');
      url.pathname += '/wait';
      url.searchParams.set('timeout', String(WAIT_SECONDS));
      const { metadata } = await this.#api.json('GET', url.pathname + url.search);
      const status = numberIn(metadata, 'status_code');
      if (status === RUNNING) continue;
      const result = objectIn(metadata, 'metadata');
      if (status === SUCCESS) return result;
      if (numberIn(result, 'return') === 127)
        throw new SourceError('not_found', `there is no vtysh in the instance ${this.#instance}`);
      throw new SourceError('unavailable', `LXD: ${textIn(metadata, 'err') ?? 'the program could not be run'}`);
    }
  }

  async #fetch(path: string | undefined): Promise<string> {
    if (path === undefined) return '';
    const { status, body } = await this.#api.request('GET', this.#path(path));
    if (status !== 200) throw new SourceError('protocol', `LXD: status ${status} for the output of vtysh`);
    return body.toString('utf8');
  }

  #path(path: string): string {
    const url = new URL(path, 'http://lxd');
    url.searchParams.set('project', this.#project);
    return url.pathname + url.search;
  }
}
