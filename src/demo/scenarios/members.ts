import { instances, members } from '../rack.ts';
import type { Scenario, Step } from '../scenario.ts';
import { fault, REPAIR_SECONDS } from './fault.ts';

/** One member of the weekly reboot: twenty minutes, most of which the machine tests its memory. */
const reboot = (member: string): readonly Step[] => [
  { afterSeconds: 60, say: `${member} is being evacuated`, act: (state) => state.evacuate(member) },
  { afterSeconds: 120, say: `${member} reboots`, act: (state) => state.hang(member) },
  { afterSeconds: 420, say: `${member} is back`, act: (state) => state.revive(member) },
  { afterSeconds: 60, say: `${member} is being restored`, act: (state) => state.restore(member) },
  { afterSeconds: 240, say: `${member} has all its instances again`, act: () => undefined },
];

/** What befalls a server as a whole, so that every layer sees it. */
export const memberScenarios: readonly Scenario[] = [
  {
    name: 'rolling-reboot',
    help: 'The weekly maintenance: each member in turn is evacuated, rebooted and restored.',
    steps: members.flatMap(({ name }) => reboot(name)),
  },
  fault(
    'member-dies',
    'langara loses its power.',
    ['langara loses its power', (state) => state.kill('langara')],
    ['langara has power again', (state) => state.revive('langara')],
  ),
  {
    name: 'evacuated-member-dies',
    help: 'orilla is evacuated for its reboot and does not come back for an hour.',
    steps: [
      { afterSeconds: 10, say: 'orilla is being evacuated', act: (state) => state.evacuate('orilla') },
      { afterSeconds: 120, say: 'orilla reboots', act: (state) => state.hang('orilla') },
      { afterSeconds: 2 * REPAIR_SECONDS, say: 'orilla is back', act: (state) => state.revive('orilla') },
      { afterSeconds: 60, say: 'orilla is being restored', act: (state) => state.restore('orilla') },
    ],
  },
  {
    name: 'healed-alive',
    help: 'langara hangs, LXD starts its instances elsewhere, and its power is still on.',
    steps: [
      { afterSeconds: 10, say: 'langara hangs', act: (state) => state.hang('langara') },
      { afterSeconds: 120, say: 'LXD heals langara away', act: (state) => state.heal('langara') },
      { afterSeconds: REPAIR_SECONDS, say: 'langara is back', act: (state) => state.revive('langara') },
      { afterSeconds: 60, say: 'langara is being restored', act: (state) => state.restore('langara') },
    ],
  },
  {
    name: 'two-in-maintenance',
    help: 'Somebody evacuates langara while abydos is evacuated.',
    steps: [
      { afterSeconds: 10, say: 'abydos is being evacuated', act: (state) => state.evacuate('abydos') },
      { afterSeconds: 120, say: 'langara is being evacuated', act: (state) => state.evacuate('langara') },
      { afterSeconds: REPAIR_SECONDS, say: 'langara is being restored', act: (state) => state.restore('langara') },
      { afterSeconds: 240, say: 'abydos is being restored', act: (state) => state.restore('abydos') },
      {
        afterSeconds: 120,
        say: 'what went away twice is moved home by hand',
        act: (state) => {
          for (const instance of instances)
            if (state.placementOf(instance).location !== instance.home) state.bringHome(instance);
        },
      },
    ],
  },
  fault(
    'all-dark',
    'All three servers hang at once: nothing but their BMCs answers.',
    [
      'all servers hang',
      (state) => {
        for (const { name } of members) state.hang(name);
      },
    ],
    [
      'all servers are back',
      (state) => {
        for (const { name } of members) state.revive(name);
      },
    ],
  ),
];
