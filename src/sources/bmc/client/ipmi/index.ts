/**
 * A client of IPMI 2.0 over LAN (RMCP+) in plain Node: `import { IpmiClient, udpTransport } from 'rackwatch/ipmi'`.
 * It knows nothing of metrics. Every error is a `SourceError` with a code, and holds no secret.
 */
export { type ErrorCode, SourceError } from '../../../../core/errors.ts';
export { type ChassisStatus, decodeChassisStatus, getChassisStatus } from './chassis-status.ts';
export { IpmiClient, type IpmiClientOptions } from './client.ts';
export { decodePowerReading, getPowerReading, type PowerReading } from './dcmi-power.ts';
export { type DeviceId, decodeDeviceId, getDeviceId, manufacturerName } from './device-id.ts';
export { type EventState, eventStates, sensorTypeName } from './event-states.ts';
export { decodeFru, type FruInventory, readFru } from './fru.ts';
export type { Credentials, Privilege } from './handshake.ts';
export type { Inventory } from './inventory.ts';
export { InventoryCache } from './inventory-cache.ts';
export { InventoryPool } from './inventory-pool.ts';
export { type IpmiRequest, netFns } from './message.ts';
export { decodeSdrRecord, type SdrRecord } from './sdr-record.ts';
export type { Ask } from './sdr-repository.ts';
export type { Sensor, ThresholdName } from './sdr-sensor.ts';
export { decodeSelEntry, decodeSelInfo, getSelEntry, getSelInfo, type SelEntry, type SelInfo } from './sel.ts';
export { SelReader } from './sel-reader.ts';
export { type ReadOptions, readSensor, readThresholds, type SensorValue, type Thresholds } from './sensor-value.ts';
export { CompletionError } from './status.ts';
export { type DatagramTransport, type OpenTransport, RMCP_PORT, udpTransport } from './transport.ts';
export type { RetryPolicy, WireStatistics } from './wire.ts';
