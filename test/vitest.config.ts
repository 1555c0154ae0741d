import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// What the unit tests write goes into this folder; build.ts removes it in the end.
process.env.RACKWATCH_TEST_FOLDER ??= mkdtempSync(join(tmpdir(), 'rackwatch-unit-'));

const node = ['test/**/*.test.ts'];
const labs = 'test/**/*.lab.test.ts';
/** Stories told in a fraction of their time: a machine that is busy with something else tells them wrong. */
const stories = ['test/alerts/*.lab.test.ts', 'test/dashboards/*.lab.test.ts', 'test/bundle/*.lab.test.ts'];
const reboot = 'test/alerts/rolling-reboot.lab.test.ts';
/** For real daemons. */
const patience = { testTimeout: 120_000, hookTimeout: 180_000 };

/**
 * `unit` needs only Node. `labs` starts real daemons (root and Debian packages), which mostly wait: more files run side by
 * side than there are cores, but one at a time for each lab (labs/turn.ts). `stories` are labs that wait for the time of
 * their story: two of them leave the machine time enough, and nothing else may run beside them. In `reboot` nobody may be
 * told anything, so not even a second one may.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    globalSetup: [fileURLToPath(new URL('build.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('labs/totals-reporter.ts', import.meta.url))],
    projects: [
      {
        test: {
          name: 'unit',
          include: node,
          exclude: [labs],
          testTimeout: 60_000,
          maxWorkers: 2,
          env: { TMPDIR: process.env.RACKWATCH_TEST_FOLDER },
        },
      },
      {
        test: {
          name: 'labs',
          include: [labs],
          exclude: stories,
          globalSetup: [fileURLToPath(new URL('labs/requirements.ts', import.meta.url))],
          ...patience,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'stories',
          include: stories,
          exclude: [reboot],
          ...patience,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'reboot',
          include: [reboot],
          ...patience,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
