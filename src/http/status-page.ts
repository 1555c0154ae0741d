import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import { countSeries } from '../core/snapshot.ts';
import type { TargetView } from '../core/target.ts';
import { version } from '../version.ts';
import { renderDemo } from './demo-controls.ts';
import { escapeHtml } from './html.ts';
import { renderLedger } from './ledger.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

/** `GET /`: what is read, how old it is and what went wrong, for a person. Asks no target but in the demo. */
export function statusPage(server: FastifyInstance, app: App): void {
  server.get('/', async (_request, reply) => {
    // Nobody else may be scraping the demo.
    if (app.demo) await app.scrape(app.deadline());
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('cache-control', 'no-store')
      .send(renderPage(app));
  });
}

const style = `
:root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--bad:#cf222e;--dim:#6e7781}
@media (prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#ff7b72;--dim:#9198a1}}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
header{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:baseline;margin-bottom:1rem}
.demo{background:#d4a72c;color:#000;padding:.4rem .8rem;border-radius:.4rem;font-weight:600;margin-bottom:1rem}
.sum{font-size:1.1rem}.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;white-space:nowrap}td.n{white-space:nowrap;font-variant-numeric:tabular-nums}
.buttons{display:flex;flex-wrap:wrap;gap:.4rem}button{font:inherit;padding:.3rem .7rem;cursor:pointer}
button[aria-current]{font-weight:700;outline:2px solid}time{font:13px ui-monospace,monospace;color:var(--dim)}
code{font:13px ui-monospace,monospace}a{color:inherit}`;

function renderPage(app: App): string {
  const views = app.views();
  const down = views.filter((view) => view.newest && !view.up).length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>rackwatch</title><link rel="icon" href="data:,"><style>${style}</style></head><body>
${app.demo ? '<div class="demo" role="note">Demo: everything shown here is simulated.</div>' : ''}
<header><h1>rackwatch</h1><span class="dim">${version}</span>
<nav><a href="/metrics">Metrics</a> · <a href="/config">Configuration</a> · <a href="/-/ready">Ready</a></nav></header>
${app.demo ? renderDemo(app.demo) : ''}
<p class="sum">${renderSummary(views.length, down)}</p>
<div class="wide"><table><thead><tr><th>Source</th><th>Target</th><th>State</th><th>Age</th><th>What failed</th>
<th>Took</th><th>Series</th></tr></thead><tbody>${views.map(renderRow).join('')}</tbody></table></div>
${renderLedger(app.recordInsights().samples)}
</body></html>
`;
}

function renderSummary(count: number, down: number): string {
  if (count === 0) return 'No source is configured.';
  if (down > 0) return `<span class="bad">✗ ${down} of ${count} targets do not answer.</span>`;
  return `<span class="good">✓</span> ${count} ${count === 1 ? 'target' : 'targets'}, none is known to be down.`;
}

function renderRow(view: TargetView): string {
  const { ageSeconds, newest, snapshot, source, target, up } = view;
  const failures = (newest?.outcomes ?? []).flatMap(({ collector, failure }) =>
    failure ? [`<b>${escapeHtml(collector)}</b> ${escapeHtml(failure.message)} <code>${failure.code}</code>`] : [],
  );
  const age = ageSeconds === undefined ? '<span class="dim">nothing shown</span>' : formatSeconds(ageSeconds);
  return `<tr><td>${escapeHtml(source)}</td><td>${escapeHtml(target)}</td><td class="n">${renderState(newest, up)}</td>
<td class="n">${age}</td><td>${failures.join('<br>') || '<span class="dim">nothing</span>'}</td>
<td class="n">${newest ? formatSeconds(newest.durationSeconds) : '–'}</td>
<td class="n">${snapshot ? countSeries(snapshot) : '–'}</td></tr>`;
}

function renderState(newest: TargetView['newest'], up: boolean): string {
  if (!newest) return '<span class="dim">not asked yet</span>';
  if (!up) return '<span class="bad">✗ down</span>';
  const partly = newest.outcomes.some((outcome) => outcome.failure);
  return partly ? '<span class="bad">△ partly</span>' : '<span class="good">✓ up</span>';
}

function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}
