import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DemoControls } from '../app.ts';
import { escapeHtml } from './html.ts';

type Chapter = DemoControls['chapters'][number];
type Story = NonNullable<DemoControls['playing']>;

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
      if (!listScenarios(demo).some((scenario) => scenario.name === name))
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

const listScenarios = ({ chapters }: DemoControls) => chapters.flatMap(({ scenarios }) => scenarios);

/** What a person can let happen, and what has happened. */
export function renderDemo(demo: DemoControls): string {
  const { chapters, playing } = demo;
  const current = playing?.scenario.name;
  return `<section><h2>Let something happen</h2>
${chapters.map((chapter, index) => renderChapter(chapter, current, index === 0)).join('')}
<div class="buttons"><form method="post" action="/demo/mend"><button>mend all</button></form></div>
${playing ? renderStory(demo, playing) : ''}</section>`;
}

/** Open is the chapter of the story that is told; before there is one, `isFirst`. */
function renderChapter({ scenarios, title }: Chapter, current: string | undefined, isFirst: boolean): string {
  const isOpen = current === undefined ? isFirst : scenarios.some(({ name }) => name === current);
  const buttons = scenarios.map(({ help, name }) => {
    const mark = name === current ? ' aria-current="true"' : '';
    return `<form method="post" action="/demo/play/${name}"><button${mark} title="${escapeHtml(help)}">${name}</button></form>`;
  });
  return `<details${isOpen ? ' open' : ''}><summary>${title} <span class="dim">${scenarios.length}</span></summary>
<div class="buttons">${buttons.join('')}</div></details>`;
}

function renderStory(demo: DemoControls, { scenario, told }: Story): string {
  const help = listScenarios(demo).find(({ name }) => name === scenario.name)?.help ?? '';
  const lines = told.map(
    ({ at, say }) => `<li><time>${new Date(at).toISOString().slice(11, 19)}</time> ${escapeHtml(say)}</li>`,
  );
  return `<p>${escapeHtml(help)} Load the page again to see more of it, or let it <a href="/?follow">follow</a>.</p>
<ol class="told">${lines.join('') || '<li class="dim">in a moment</li>'}</ol>`;
}
