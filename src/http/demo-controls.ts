import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DemoControls } from '../app.ts';
import { escapeHtml } from './html.ts';

/** `POST /demo/play/NAME` and `POST /demo/mend`: the buttons of the demo's status page. They need no script. */
export function demoRoutes(server: FastifyInstance, demo: DemoControls): void {
  server.register(async (scope) => {
    // A form without fields still names a type.
    scope.addContentTypeParser('application/x-www-form-urlencoded', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    scope.addHook('onRequest', refuseOtherSites);
    scope.post<{ Params: { name: string } }>('/demo/play/:name', async ({ params }, reply) => {
      const { name } = params;
      if (!demo.scenarios.some((scenario) => scenario.name === name))
        return reply.code(404).type('text/plain').send(`There is no scenario ${name}.\n`);
      demo.play(name);
      return reply.redirect('/', 303);
    });
    scope.post('/demo/mend', async (_request, reply) => {
      demo.mend();
      return reply.redirect('/', 303);
    });
  });
}

/** Another page in the same browser must not play with the rack. */
async function refuseOtherSites(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.headers['sec-fetch-site'] === 'cross-site')
    await reply.code(403).type('text/plain').send('Not from another site.\n');
}

/** What a person can let happen, and what has happened. */
export function renderDemo({ playing, scenarios }: DemoControls): string {
  const buttons = scenarios.map(({ help, name }) => {
    const current = playing?.scenario.name === name ? ' aria-current="true"' : '';
    return `<form method="post" action="/demo/play/${name}"><button${current} title="${escapeHtml(help)}">${name}</button></form>`;
  });
  const told = (playing?.told ?? []).map(
    ({ at, say }) => `<li><time>${new Date(at).toISOString().slice(11, 19)}</time> ${escapeHtml(say)}</li>`,
  );
  const help = scenarios.find(({ name }) => name === playing?.scenario.name)?.help ?? '';
  const story = playing
    ? `<p>${escapeHtml(help)} Load the page again to see more of it, or let it <a href="/?follow">follow</a>.</p>
<ol class="told">${told.join('') || '<li class="dim">in a moment</li>'}</ol>`
    : '';
  return `<section><h2>Let something happen</h2>
<div class="buttons">${buttons.join('')}<form method="post" action="/demo/mend"><button>mend all</button></form></div>
${story}</section>`;
}
