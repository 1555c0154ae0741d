import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder } from './bundle.ts';
import type { Order } from './page/model.ts';

const packages = fileURLToPath(new URL('node_modules/', import.meta.url));
const FONT = `${packages}@fontsource-variable/inter/files/inter-latin-wght-normal.woff2`;
const ICONS = '/public/build/img/icons/';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The page, and behind the same origin the Prometheus that it asks. */
export interface Site {
  readonly url: string;
  /** What the page draws when it is loaded next. */
  order: Order;
  close(): Promise<void>;
}

export async function openSite(prometheus: string, first: Order): Promise<Site> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    try {
      if (path === '/') send(response, 'text/html; charset=utf-8', html(site.order));
      else if (path.startsWith('/prometheus/')) await passOn(`${prometheus}${path.slice(11)}`, response);
      else send(response, types[extname(path)] ?? 'application/octet-stream', await readFile(fileOf(path)));
    } catch (error) {
      response.writeHead(404).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    order: first,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return site;
}

/** Grafana's icons and its font come from packages, the rest from what was built. */
function fileOf(url: string): string {
  const path = normalize(new URL(url, 'http://localhost').pathname);
  if (path.startsWith(ICONS)) return join(packages, '@grafana/ui/dist/public/img/icons', path.slice(ICONS.length));
  if (path.startsWith('/public/fonts/inter/')) return FONT;
  return join(builtFolder, path);
}

async function passOn(url: string, response: ServerResponse): Promise<void> {
  const answer = await fetch(url);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}

const send = (response: ServerResponse, type: string, body: string | Buffer): void => {
  response.writeHead(200, { 'content-type': type }).end(body);
};

/** What Grafana's packages read of the page that they are in. */
const boot = {
  settings: {
    featureToggles: {},
    theme: 'dark',
    buildInfo: { version: '13.2.2', env: 'production' },
    datasources: {},
    panels: {},
    apps: {},
  },
  user: { timezone: 'utc', weekStart: 'monday', orgRole: 'Viewer', locale: 'en-US', language: 'en-US' },
  navTree: [],
};

const script = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const html = (order: Order): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>preview</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/index.css"></head>
<body><div id="root"></div>
<script>window.__grafana_public_path__="/public/";window.grafanaBootData=${script(boot)};window.order=${script(order)}</script>
<script src="/index.js"></script></body></html>
`;
