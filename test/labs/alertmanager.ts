import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { run, until } from './lab.ts';
import { type AlertLab, programOf } from './needs.ts';
import { start } from './process.ts';

/** An alert as Alertmanager's API shows it. */
export interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: {
    readonly state: 'active' | 'suppressed' | 'unprocessed';
    readonly inhibitedBy: readonly string[];
    readonly silencedBy: readonly string[];
  };
}

/** A real Alertmanager on loopback. */
export interface Alertmanager {
  readonly url: string;
  /** Where others join its mesh. */
  readonly peer: string;
  alerts(): Promise<readonly HeldAlert[]>;
  /** Runs amtool against it. */
  amtool(...args: readonly string[]): Promise<string>;
  log(): string;
  stop(): Promise<void>;
}

interface Options {
  readonly lab: AlertLab;
  /** The configuration's file. */
  readonly file: string;
  readonly port: number;
  /** `peer` of the others of its mesh. */
  readonly peers?: readonly string[];
  /** PEM of an authority that its mail server's certificate is signed by. */
  readonly authority: string;
}

/** Starts Debian's Alertmanager. In a mesh, one waits for those before it, for so long each, before it sends itself. */
export async function startAlertmanager({ authority, file, lab, peers = [], port }: Options): Promise<Alertmanager> {
  const data = mkdtempSync(join(tmpdir(), 'rackwatch-alertmanager-'));
  const url = `http://127.0.0.1:${port}`;
  const peer = `127.0.0.1:${await freePort()}`;
  const mesh = [`--cluster.listen-address=${peer}`, '--cluster.peer-timeout=3s', '--cluster.settle-timeout=2s'];
  const child = start(
    'alertmanager',
    programOf(lab, 'prometheus-alertmanager'),
    [
      ...[`--config.file=${file}`, `--storage.path=${data}`, `--web.listen-address=127.0.0.1:${port}`],
      ...[`--web.external-url=${url}`, ...mesh, ...peers.map((one) => `--cluster.peer=${one}`)],
    ],
    { env: { SSL_CERT_FILE: authority } },
  );
  const isReady = async () => (await fetch(`${url}/-/ready`)).ok;
  await until(isReady, { what: 'Alertmanager is ready' }).catch(async (error) => {
    await child.stop();
    throw new Error(`${error.message}\n${child.output()}`, { cause: error });
  });
  return {
    url,
    peer,
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly HeldAlert[],
    amtool: (...args) => run(programOf(lab, 'amtool'), [`--alertmanager.url=${url}`, ...args]),
    log: child.output,
    stop: async () => {
      await child.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
