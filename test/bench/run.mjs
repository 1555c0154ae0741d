import { readdirSync } from 'node:fs';

/*
 * `npm run bench [AREA…]`: runs every file of this folder that exports `run(report)`, one after the other, and ends
 * with 1 if a figure misses its bound. Figures are CPU time of this process or ratios within one run, so that they
 * mean something on a machine that does other things as well.
 */

let missed = 0;

/**
 * Prints one figure.
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 * @param {string} [note]
 * @param {number} [atMost] the bound, if there is one
 */
function report(name, value, unit, note = '', atMost) {
  const isMissed = atMost !== undefined && !(value <= atMost);
  if (isMissed) missed++;
  const bound = atMost === undefined ? '' : `${isMissed ? 'MISSED' : 'ok'}, at most ${atMost}`;
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  console.log(
    `  ${name.padEnd(58)} ${value.toFixed(digits).padStart(9)} ${unit.padEnd(10)} ${bound.padEnd(20)} ${note}`,
  );
}

const asked = process.argv.slice(2);
const areas = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length))
  .filter((area) => area !== 'run')
  .filter((area) => asked.length === 0 || asked.includes(area));
for (const area of areas.sort()) {
  const { run } = await import(`./${area}.mjs`);
  if (!run) continue;
  console.log(area);
  await run(report);
}
process.exit(missed > 0 ? 1 : 0);
