import type { Board, BoardDrive, BoardSensor, Scale } from './board.ts';

type Json = Readonly<Record<string, unknown>>;

/** Every resource by path, as X10 firmware 3.80 shapes them: no versions in types, `MemberID`, absent modules at 0 °C. */
export function buildResources(board: Board): Readonly<Record<string, Json>> {
  const collection = (name: string, ...members: string[]): Json => ({
    '@odata.type': `#${name}Collection.${name}Collection`,
    Name: `${name} Collection`,
    'Members@odata.count': members.length,
    Members: members.map((path) => ({ '@odata.id': path })),
  });
  const modules = board.sensors.filter(({ name }) => name.includes('-DIMM'));
  return {
    '/redfish/v1': {
      '@odata.type': '#ServiceRoot.ServiceRoot',
      RedfishVersion: '1.0.1',
      Systems: { '@odata.id': '/redfish/v1/Systems' },
      Chassis: { '@odata.id': '/redfish/v1/Chassis' },
      Managers: { '@odata.id': '/redfish/v1/Managers' },
      SessionService: { '@odata.id': '/redfish/v1/SessionService' },
    },
    '/redfish/v1/Systems': collection('ComputerSystem', '/redfish/v1/Systems/1'),
    '/redfish/v1/Systems/1': buildSystem(board),
    '/redfish/v1/Systems/1/Memory': collection(
      'Memory',
      ...modules.map((_, i) => `/redfish/v1/Systems/1/Memory/${i + 1}`),
    ),
    ...Object.fromEntries(
      modules.map((module, i) => [`/redfish/v1/Systems/1/Memory/${i + 1}`, buildModule(module, i)]),
    ),
    ...buildStorage(board.drives, collection),
    '/redfish/v1/Systems/1/Processors': collection('Processor', '/redfish/v1/Systems/1/Processors/1'),
    '/redfish/v1/Systems/1/Processors/1': {
      Id: '1',
      Name: 'Processor',
      Model: 'Intel(R) Xeon(R) CPU E5-2680 v4',
      Status: { State: 'Enabled', Health: 'OK' },
    },
    '/redfish/v1/Chassis': collection('Chassis', '/redfish/v1/Chassis/1'),
    '/redfish/v1/Chassis/1': {
      Id: '1',
      Name: 'Computer System Chassis',
      PhysicalSecurity: {
        IntrusionSensorNumber: 170,
        IntrusionSensor: board.intruded ? 'HardwareIntrusion' : 'Normal',
      },
      Thermal: { '@odata.id': '/redfish/v1/Chassis/1/Thermal' },
      Power: { '@odata.id': '/redfish/v1/Chassis/1/Power' },
    },
    '/redfish/v1/Chassis/1/Thermal': buildThermal(board),
    '/redfish/v1/Chassis/1/Power': buildPower(board),
    '/redfish/v1/Managers': collection('Manager', '/redfish/v1/Managers/1'),
    '/redfish/v1/Managers/1': {
      Id: '1',
      Name: 'Manager',
      FirmwareVersion: '3.80',
      DateTime: `${new Date().toISOString().slice(0, 19)}+00:00`,
      LogServices: { '@odata.id': '/redfish/v1/Managers/1/LogServices' },
    },
    '/redfish/v1/Managers/1/LogServices': collection('LogService', '/redfish/v1/Managers/1/LogServices/Log1'),
    '/redfish/v1/Managers/1/LogServices/Log1': {
      Id: 'Log1',
      Name: 'SEL Log Service',
      MaxNumberOfRecords: 512,
      Entries: { '@odata.id': '/redfish/v1/Managers/1/LogServices/Log1/Entries' },
    },
    '/redfish/v1/Managers/1/LogServices/Log1/Entries': {
      'Members@odata.count': board.events.length,
      Members: board.events.map((_, index) => ({ Id: String(index + 1), EntryType: 'SEL' })),
    },
  };
}

function buildSystem(board: Board): Json {
  return {
    Id: '1',
    Name: 'System',
    Manufacturer: 'Supermicro',
    Model: 'SYS-6028U-TR4+',
    PowerState: board.powerOn ? 'On' : 'Off',
    Status: { State: 'Enabled', Health: 'OK' },
    Memory: { '@odata.id': '/redfish/v1/Systems/1/Memory' },
    Processors: { '@odata.id': '/redfish/v1/Systems/1/Processors' },
    ...(board.drives.length > 0 ? { Storage: { '@odata.id': STORAGE } } : {}),
  };
}

const STORAGE = '/redfish/v1/Systems/1/Storage';

/** One controller with its drives (DSP2046, Storage and Drive); nothing where the BMC knows of none. */
function buildStorage(
  drives: readonly BoardDrive[],
  collection: (name: string, ...members: string[]) => Json,
): Readonly<Record<string, Json>> {
  if (drives.length === 0) return {};
  const controller = `${STORAGE}/HA-RAID`;
  const pathOf = ({ name }: BoardDrive) => `/redfish/v1/Chassis/HA-RAID.0.StorageEnclosure.0/Drives/${name}`;
  return {
    [STORAGE]: collection('Storage', controller),
    [controller]: {
      Id: 'HA-RAID',
      Name: 'Storage Controller',
      Status: { State: 'Enabled', Health: 'OK' },
      Drives: drives.map((drive) => ({ '@odata.id': pathOf(drive) })),
    },
    ...Object.fromEntries(drives.map((drive) => [pathOf(drive), buildDrive(drive)])),
  };
}

/** A drive that expects to fail is still well in its own eyes. */
const buildDrive = ({ isFailing, name }: BoardDrive): Json => ({
  Id: name,
  Name: name,
  FailurePredicted: isFailing,
  Status: { State: 'Enabled', Health: 'OK' },
});

const buildModule = (module: BoardSensor, index: number): Json => ({
  Id: String(index + 1),
  DeviceLocator: module.name.replace(' Temp', ''),
  Status: module.value === undefined ? { State: 'Absent' } : { State: 'Enabled', Health: 'OK' },
});

const statusOf = ({ scale, value }: BoardSensor): Json => {
  if (value === undefined || !scale) return { State: 'Absent' };
  const [, lc, lnc, unc, uc] = scale.limits;
  if (value <= lc || value >= uc) return { State: 'Enabled', Health: 'Critical' };
  return { State: 'Enabled', Health: value <= lnc || value >= unc ? 'Warning' : 'OK' };
};

const limitsOf = ({ limits: [lnr, lc, lnc, unc, uc, unr] }: Scale): Json => ({
  UpperThresholdNonCritical: unc,
  UpperThresholdCritical: uc,
  UpperThresholdFatal: unr,
  LowerThresholdNonCritical: lnc,
  LowerThresholdCritical: lc,
  LowerThresholdFatal: lnr,
});

function buildThermal(board: Board): Json {
  const entry = (sensor: BoardSensor, index: number): Json => ({
    MemberID: String(index),
    SensorNumber: sensor.number,
    Status: statusOf(sensor),
    ...limitsOf(sensor.scale as Scale),
  });
  const temperatures = board.sensors.filter(({ type }) => type === 1);
  const fans = board.sensors.filter(({ type }) => type === 4);
  return {
    Id: 'Thermal',
    Temperatures: temperatures.map((sensor, index) => ({
      ...entry(sensor, index),
      Name: sensor.name,
      ReadingCelsius: sensor.value ?? 0,
      PhysicalContext: 'CPU',
    })),
    Fans: fans.map((sensor, index) => ({
      ...entry(sensor, index),
      FanName: sensor.name,
      Reading: sensor.value ?? 0,
      ReadingUnits: 'RPM',
    })),
  };
}

/** The Redfish of these boards knows no more of a supply than whether it is there, expects to fail or works. */
function supplyStatus(bits = 0): Json {
  if ((bits & 0x01) === 0) return { State: 'Absent' };
  if (bits === 0x05) return { State: 'Enabled', Health: 'Warning' };
  return { State: 'Enabled', Health: bits === 0x01 ? 'OK' : 'Critical' };
}

function buildPower(board: Board): Json {
  const rails = board.sensors.filter(({ type }) => type === 2);
  const supplies = board.sensors.filter(({ type }) => type === 8);
  const working = supplies.filter(({ value }) => value === 1).length;
  return {
    Id: 'Power',
    PowerControl: [{ MemberID: '0', Name: 'System Power Control', PowerConsumedWatts: board.watts }],
    Voltages: rails.map((sensor, index) => ({
      MemberID: String(index),
      Name: sensor.name,
      SensorNumber: sensor.number,
      ReadingVolts: sensor.value,
      Status: statusOf(sensor),
      ...limitsOf(sensor.scale as Scale),
    })),
    PowerSupplies: supplies.map((sensor, index) => ({
      MemberID: String(index),
      Name: sensor.name.replace(' Status', ''),
      Status: supplyStatus(sensor.value),
      LineInputVoltage: sensor.value === 1 ? 230 : 0,
      LastPowerOutputWatts: sensor.value === 1 ? Math.round(board.watts / working) : 0,
      FirmwareVersion: '',
    })),
  };
}
