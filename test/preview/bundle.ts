import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where the built page is. */
export const builtFolder = `${here}built`;

/** Bundles the page with Grafana's components. */
export async function buildPage(): Promise<void> {
  await build({
    entryPoints: [`${here}page/index.tsx`],
    outdir: builtFolder,
    // Where the alias below is looked for.
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    // The packages ask for these at run time.
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.JEST_WORKER_ID': 'undefined', global: 'window' },
    alias: { 'react-router-dom-v5-compat': 'react-router-dom' },
    loader: { '.svg': 'text', '.ttf': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.png': 'dataurl' },
    logLevel: 'error',
  });
}
