import type { CollectorOutcome } from '../core/snapshot.ts';
import { escapeHtml } from './html.ts';

/** Each reason once, with the collectors that it kept from their work: mostly it is the same for all. Empty for no failure. */
export function renderFailures(outcomes: readonly Pick<CollectorOutcome, 'collector' | 'failure'>[]): string {
  const collectors = new Map<string, string[]>();
  for (const { collector, failure } of outcomes) {
    if (!failure) continue;
    const reason = `${escapeHtml(failure.message)} <code>${failure.code}</code>`;
    collectors.set(reason, [...(collectors.get(reason) ?? []), escapeHtml(collector)]);
  }
  return [...collectors].map(([reason, names]) => `<b>${names.join(', ')}</b> ${reason}`).join('<br>');
}
