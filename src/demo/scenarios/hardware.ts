import type { Scenario } from '../scenario.ts';
import { assign, broken, toggle } from './fault.ts';

export const hardwareScenarios: readonly Scenario[] = [
  broken(
    'psu-fails',
    'A power supply of abydos fails.',
    toggle((state) => state.faults.failedSupplies, 'abydos/PS2'),
    'PS2 of abydos fails',
    'PS2 of abydos is replaced',
  ),
  broken(
    'psu-expects-to-fail',
    'A power supply of abydos says that it is about to fail.',
    assign((state) => state.faults.supplyStates, 'abydos/PS1', 'failure_predicted'),
    'PS1 of abydos predicts its failure',
    'PS1 of abydos is replaced',
  ),
  broken(
    'psu-input-lost',
    'A power supply of langara gets no power.',
    assign((state) => state.faults.supplyStates, 'langara/PS1', 'input_lost'),
    'PS1 of langara has no input',
    'PS1 of langara has power again',
  ),
  broken(
    'psu-removed',
    'Somebody pulls a power supply out of langara.',
    assign((state) => state.faults.supplyStates, 'langara/PS2', 'removed'),
    'PS2 of langara is pulled out',
    'PS2 of langara is put back',
  ),
  broken(
    'overheating',
    'A processor of orilla runs hot.',
    assign((state) => state.faults.readings, 'orilla/CPU1 Temp', 91),
    'CPU1 of orilla runs at 91 °C',
    'CPU1 of orilla cools down',
  ),
  broken(
    'too-warm',
    'The air in langara is warmer than it should be.',
    assign((state) => state.faults.readings, 'langara/System Temp', 82),
    'the system temperature of langara is 82 °C',
    'langara cools down',
  ),
  broken(
    'cooling-fault',
    'The chassis of abydos reports a fault of its cooling.',
    toggle((state) => state.faults.chassisFaults, 'abydos/cooling'),
    'abydos reports a cooling fault',
    'the cooling of abydos is well again',
  ),
  broken(
    'drive-expects-to-fail',
    'The BMC of orilla says that a drive is about to fail; it is read every five minutes.',
    toggle((state) => state.faults.failingDrives, 'orilla/Disk.Bay.2'),
    'Disk.Bay.2 of orilla predicts its failure',
    'Disk.Bay.2 of orilla is replaced',
  ),
  broken(
    'memory-errors',
    'A memory module of abydos has correctable errors.',
    assign((state) => state.faults.memoryErrors, 'abydos', 3),
    'abydos logs three memory errors',
    'the module of abydos is replaced',
  ),
  broken(
    'event-log-full',
    'The event log of langara is nearly full.',
    toggle((state) => state.faults.fullEventLogs, 'langara'),
    'the event log of langara is nearly full',
    'the event log of langara is saved and cleared',
  ),
  broken(
    'bmc-silent',
    'The BMC of abydos hangs.',
    toggle((state) => state.faults.silentBmcs, 'abydos'),
    'the BMC of abydos answers nobody',
    'the BMC of abydos is reset',
  ),
];
