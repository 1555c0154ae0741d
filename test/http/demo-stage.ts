import type { DemoControls } from '../../src/app.ts';

/** Controls of one story, which note what they are asked for. */
export function quietDemo(): DemoControls & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    chapters: [{ title: 'Hardware', scenarios: [{ name: 'psu-fails', help: 'A <power> supply fails.' }] }],
    get playing() {
      const last = asked.at(-1);
      return last?.startsWith('play')
        ? {
            scenario: { name: 'psu-fails' },
            told: [{ at: Date.UTC(2026, 0, 1, 12, 30), say: 'PS2 of <abydos> fails' }],
          }
        : undefined;
    },
    play: (name) => void asked.push(`play ${name}`),
    mend: () => void asked.push('mend'),
  };
}
