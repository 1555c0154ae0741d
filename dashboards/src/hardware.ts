import { defineDashboard } from './kit/dashboard.ts';
import { steps, words, yesIsBad } from './kit/look.ts';
import { figure, graph, timeline } from './kit/panels.ts';
import { greatest, orNone, orZero, query } from './kit/query.ts';
import { answers, job, jobsOf, memberColumn, membersOf } from './kit/shared.ts';
import { grid } from './kit/table.ts';

const of = `${job}, member=~"$member"`;
const perSensor = 'member, sensor, number';

/** What the BMCs say of each server. */
export const hardware = defineDashboard({
  uid: 'rackwatch-hardware',
  title: 'Hardware',
  description: 'Power supplies, temperatures, fans, voltages and the event log of every server, as its BMC tells.',
  variables: [jobsOf('bmc_up'), membersOf('bmc_up')],
  rows: [
    {
      title: 'Is it fine?',
      panels: [
        figure({
          title: 'BMCs that are silent',
          description: 'BMCs that did not answer. Of them nothing is known.',
          queries: [query(`sum(max by (member) (bmc_up{${of}}) == bool 0)`, 'BMCs')],
          unit: 'short',
          width: 4,
          thresholds: steps([0, 'good'], [1, 'bad']),
        }),
        figure({
          title: 'Power supplies that fail',
          description: 'Power supplies that have failed or get no input.',
          queries: [
            query(
              orZero(`sum(max by (member, psu) (bmc_psu_failed{${of}} or bmc_psu_input_lost{${of}}))`, answers('bmc')),
              'supplies',
            ),
          ],
          unit: 'short',
          width: 4,
          thresholds: steps([0, 'good'], [1, 'bad']),
        }),
        figure({
          title: 'Sensors beyond a limit',
          description: 'Sensors that the board itself calls critical or worse.',
          queries: [
            query(
              orZero(
                `sum(max by (${perSensor}) (bmc_sensor_state{${of}, state=~"critical|nonrecoverable"}))`,
                answers('bmc'),
              ),
              'sensors',
            ),
          ],
          unit: 'short',
          width: 4,
          thresholds: steps([0, 'good'], [1, 'bad']),
        }),
        figure({
          title: 'Hottest sensor',
          description: 'The highest temperature of all; the limits of each sensor are in the table below.',
          queries: [query(`max(bmc_temperature_celsius{${of}})`, 'temperature')],
          unit: 'celsius',
          decimals: 0,
          width: 4,
        }),
        figure({
          title: 'Power',
          description: 'What all servers draw together; servers whose BMC does not measure it are not in it.',
          queries: [query(`sum(max by (member) (bmc_power_consumption_watts{${of}}))`, 'power')],
          unit: 'watt',
          width: 4,
          empty: 'not measured',
        }),
        figure({
          title: 'Chassis faults',
          description: 'Faults of power, cooling, drives or the chassis, and open lids.',
          queries: [
            query(
              `(${orZero(`sum(max by (member, fault) (bmc_chassis_fault{${of}}))`, answers('bmc'))}) + (${orZero(`sum(max by (member) (bmc_intrusion{${of}}))`, answers('bmc'))})`,
              'faults',
            ),
          ],
          unit: 'short',
          width: 4,
          thresholds: steps([0, 'good'], [1, 'bad']),
        }),
      ],
    },
    {
      title: 'Power',
      panels: [
        grid({
          title: 'Power supplies',
          description: 'State of every power supply. One that is not there is shown as pulled.',
          queries: [
            query(`max by (member, psu) (bmc_psu_present{${of}})`),
            query(`max by (member, psu) (bmc_psu_failed{${of}})`),
            query(`max by (member, psu) (bmc_psu_input_lost{${of}})`),
          ],
          columns: [
            memberColumn,
            { field: 'psu', title: 'Supply' },
            {
              field: 'Value #A',
              title: 'There',
              mappings: words({ value: 1, text: '✓ yes', color: 'good' }, { value: 0, text: '✗ pulled', color: 'bad' }),
            },
            { field: 'Value #B', title: 'Failed', mappings: yesIsBad },
            { field: 'Value #C', title: 'Input lost', mappings: yesIsBad },
          ],
          width: 10,
        }),
        graph({
          title: 'Power by server',
          description: 'What each server draws, as its board measures it.',
          queries: [query(`max by (member) (bmc_power_consumption_watts{${of}})`, '{{member}}')],
          unit: 'watt',
          min: 0,
          width: 7,
        }),
        timeline({
          title: 'Chassis',
          description: 'Whether the chassis is switched on, as the BMC sees it.',
          queries: [query(`max by (member) (bmc_chassis_power_on{${of}})`, '{{member}}')],
          unit: 'short',
          mappings: words({ value: 1, text: 'on', color: 'good' }, { value: 0, text: 'off', color: 'bad' }),
          width: 7,
        }),
      ],
    },
    {
      title: 'Temperatures and fans',
      panels: [
        grid({
          title: 'Temperatures and their limits',
          description: 'Every temperature with the limit at which the board calls it critical. The nearest come first.',
          queries: [
            query(`max by (${perSensor}) (bmc_temperature_celsius{${of}})`),
            query(
              `min by (${perSensor}) (bmc_sensor_threshold{${of}, threshold="upper_critical"}) and on(${perSensor}) bmc_temperature_celsius{${of}}`,
            ),
            query(
              `min by (${perSensor}) (bmc_sensor_threshold{${of}, threshold="upper_critical"}) - on(${perSensor}) max by (${perSensor}) (bmc_temperature_celsius{${of}})`,
            ),
          ],
          columns: [
            memberColumn,
            { field: 'sensor', title: 'Sensor' },
            { field: 'Value #A', title: 'Now', unit: 'celsius', decimals: 0 },
            { field: 'Value #B', title: 'Critical at', unit: 'celsius', decimals: 0 },
            {
              field: 'Value #C',
              title: 'Left',
              unit: 'celsius',
              decimals: 0,
              thresholds: steps([-1000, 'bad'], [5, 'warning'], [15, 'good']),
            },
          ],
          sortBy: { title: 'Left' },
          width: 12,
          height: 10,
        }),
        graph({
          title: 'Temperatures',
          description: 'The ten sensors that were hottest at any time.',
          queries: [
            query(
              greatest(
                10,
                `max by (member, sensor) (bmc_temperature_celsius{${of}})`,
                'member, sensor',
                `max_over_time(bmc_temperature_celsius{${of}}[$__range] @ end())`,
              ),
              '{{member}} {{sensor}}',
            ),
          ],
          unit: 'celsius',
          width: 12,
          height: 10,
          table: true,
        }),
        graph({
          title: 'Fans',
          description: 'Speed of every fan. One that stands still has failed or was pulled.',
          queries: [query(`max by (member, sensor) (bmc_fan_speed_rpm{${of}})`, '{{member}} {{sensor}}')],
          unit: 'rotrpm',
          min: 0,
          table: true,
          width: 12,
        }),
        grid({
          title: 'Voltages and their limits',
          description: 'Every rail between the limits at which the board calls it critical.',
          queries: [
            query(`max by (${perSensor}) (bmc_voltage_volts{${of}})`),
            query(
              `max by (${perSensor}) (bmc_sensor_threshold{${of}, threshold="lower_critical"}) and on(${perSensor}) bmc_voltage_volts{${of}}`,
            ),
            query(
              `min by (${perSensor}) (bmc_sensor_threshold{${of}, threshold="upper_critical"}) and on(${perSensor}) bmc_voltage_volts{${of}}`,
            ),
          ],
          columns: [
            memberColumn,
            { field: 'sensor', title: 'Rail' },
            { field: 'Value #B', title: 'Critical below', unit: 'volt', decimals: 2 },
            { field: 'Value #A', title: 'Now', unit: 'volt', decimals: 2 },
            { field: 'Value #C', title: 'Critical above', unit: 'volt', decimals: 2 },
          ],
          width: 12,
        }),
      ],
    },
    {
      title: 'Event log',
      panels: [
        graph({
          title: 'New entries by kind',
          description:
            'Entries that the boards added to their event logs, per hour. `ipmitool sel list` tells what they say.',
          queries: [
            query(
              orNone(`max by (member, kind) (increase(bmc_sel_events_total{${of}}[1h])) > 0`, 'member'),
              '{{member}} {{kind}}',
            ),
          ],
          unit: 'short',
          count: true,
          width: 12,
        }),
        graph({
          title: 'Room in the log',
          description: 'Bytes that are free. A full log drops what comes next.',
          queries: [query(`min by (member) (bmc_sel_free_bytes{${of}})`, '{{member}}')],
          unit: 'bytes',
          min: 0,
          width: 12,
        }),
      ],
    },
  ],
});
