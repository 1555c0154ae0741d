import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import { countSeries } from '../core/snapshot.ts';
import type { TargetView } from '../core/target.ts';
import { version } from '../version.ts';
import { renderDemo } from './demo-controls.ts';
import { renderFailures } from './failures.ts';
import { escapeHtml } from './html.ts';
import { renderLedger } from './ledger.ts';
import { style } from './style.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

/**
 * `GET /`: what is read, how old it is and what went wrong, for a person. Asks no target but in the demo. `?follow` makes the
 * browser load it again every few seconds; not by itself, as that takes the focus from whoever goes by keyboard.
 */
export function statusPage(server: FastifyInstance, app: App): void {
  server.get<{ Querystring: { readonly follow?: string } }>('/', async ({ query }, reply) => {
    // Nobody else may be scraping the demo.
    if (app.demo) await app.scrape(app.deadline());
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('cache-control', 'no-store')
      .send(renderPage(app, query.follow !== undefined));
  });
}

/** Seconds from one load to the next of a page that follows. */
const FOLLOW_SECONDS = 5;

function renderPage(app: App, follows: boolean): string {
  const views = app.views();
  const down = views.filter((view) => view.newest && !view.up).length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
${follows ? `<meta http-equiv="refresh" content="${FOLLOW_SECONDS}">` : ''}<title>rackwatch</title><link rel="icon" href="data:,"><style>${style}</style></head><body>
${app.demo ? '<div class="demo" role="note">Demo: everything shown here is simulated.</div>' : ''}
<header><h1>rackwatch</h1><span class="dim">${version}</span>
<nav><a href="/metrics">Metrics</a> · <a href="/config">Configuration</a> · <a href="/-/ready">Ready</a> ·
${follows ? '<a href="/">Stop following</a>' : '<a href="/?follow">Follow</a>'}</nav></header>
${app.demo ? renderDemo(app.demo) : ''}
<p class="sum">${renderSummary(views.length, down)}</p>
<div class="wide"><table class="targets"><thead><tr><th>Source</th><th>Target</th><th>State</th><th>Age</th><th>What failed</th>
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
  const age = ageSeconds === undefined ? '<span class="dim">nothing shown</span>' : formatSeconds(ageSeconds);
  return `<tr><td>${escapeHtml(source)}</td><td>${escapeHtml(target)}</td><td class="n">${renderState(newest, up)}</td>
<td class="n">${age}</td><td>${renderFailures(newest?.outcomes ?? []) || '<span class="dim">nothing</span>'}</td>
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
