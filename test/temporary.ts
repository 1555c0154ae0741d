import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path in a folder of its own. The run of the unit tests has one folder for all of these, and removes it. */
export const temporaryFile = (name: string): string => join(mkdtempSync(join(tmpdir(), 'rackwatch-')), name);
