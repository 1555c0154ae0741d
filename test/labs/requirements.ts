import { labNames, labsRequired, missingFor } from './needs.ts';

/** Runs once before the project `labs`: says loudly what cannot run here. */
export default function setup(): void {
  for (const lab of labNames) {
    const missing = missingFor(lab);
    if (missing.length === 0) continue;
    const remedy = lab.startsWith('newest ') ? ' (bash test/labs/newest.sh fetches it)' : '';
    const fate = labsRequired ? 'its tests FAIL (RACKWATCH_LABS=required)' : 'its tests are SKIPPED';
    console.error(`!!! lab ${lab}: missing ${missing.join(', ')}${remedy}: ${fate}`);
  }
}
