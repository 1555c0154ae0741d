import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cipherSuites } from '../../../../../src/sources/bmc/client/ipmi/cipher-suite.ts';
import { decodeResponse, encodeRequest } from '../../../../../src/sources/bmc/client/ipmi/message.ts';
import {
  decodeOpenSessionResponse,
  encodeOpenSessionRequest,
} from '../../../../../src/sources/bmc/client/ipmi/open-session.ts';
import { isAuthentic, open, seal } from '../../../../../src/sources/bmc/client/ipmi/packet-cipher.ts';
import {
  decodeRakp2,
  decodeRakp4,
  encodeRakp1,
  encodeRakp3,
  packetKeys,
  rakp2Code,
  rakp3Code,
  rakp4Code,
  sessionIntegrityKey,
  userKey,
} from '../../../../../src/sources/bmc/client/ipmi/rakp.ts';
import { decodeSessionless, encodeSessionless } from '../../../../../src/sources/bmc/client/ipmi/rmcp.ts';
import {
  decodeRmcpPlus,
  encodeSetup,
  type RmcpPlusPacket,
} from '../../../../../src/sources/bmc/client/ipmi/rmcp-plus.ts';

const CONSOLE_ID = 0xa0a2a3a4;
const kuid = userKey(Buffer.from('ADMIN'));

function load(id: 3 | 17) {
  const file = new URL(`../../fixtures/ipmitool-1.8.19/suite-${id}.hex`, import.meta.url);
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[<>] /.test(line));
  const datagrams = lines.map((line) => Buffer.from(line.slice(2), 'hex'));
  const at = (index: number) => datagrams[index] as Buffer;
  const packet = (index: number) => decodeRmcpPlus(at(index)) as RmcpPlusPacket;
  const sent = lines.flatMap((line, index) => (index >= 8 && line.startsWith('>') ? [index] : []));
  const received = lines.flatMap((line, index) => (index >= 8 && line.startsWith('<') ? [index] : []));
  const suite = cipherSuites[id];
  const opened = decodeOpenSessionResponse(packet(3).payload);
  const rakp2 = decodeRakp2(packet(5).payload);
  if (!opened || !rakp2) throw new Error('the recording does not begin as expected');
  const context = {
    suite,
    consoleSessionId: CONSOLE_ID,
    bmcSessionId: opened.bmcSessionId,
    consoleRandom: packet(4).payload.subarray(8, 24),
    bmcRandom: rakp2.bmcRandom,
    bmcGuid: rakp2.bmcGuid,
    role: 0x12,
    userName: Buffer.from('ADMIN'),
  };
  const keys = { suite, ...packetKeys(suite, sessionIntegrityKey(context, kuid)) };
  return { at, packet, sent, received, suite, opened, rakp2, context, keys };
}

describe.each([3, 17] as const)('ipmitool with suite %i', (id) => {
  const { at, packet, sent, received, suite, opened, rakp2, context, keys } = load(id);

  test('asks for the capabilities without a session', () => {
    const request = encodeRequest({ netFn: 6, command: 0x38, data: [0x8e, 0x02] }, 0);
    // ipmitool numbers this one 0 and leaves the sequence out.
    expect(encodeSessionless(request).toString('hex')).toBe(at(0).toString('hex'));
    expect(decodeResponse(decodeSessionless(at(1)) as Buffer)).toMatchObject({
      netFn: 7,
      command: 0x38,
      completionCode: 0,
      data: Buffer.from('0197040300000000', 'hex'),
    });
  });

  test('opens a session', () => {
    const request = encodeOpenSessionRequest({ tag: 0, privilege: 2, consoleSessionId: CONSOLE_ID, suite });
    expect(encodeSetup(0x10, request).toString('hex')).toBe(at(2).toString('hex'));
    expect(opened).toEqual({
      tag: 0,
      status: 0,
      consoleSessionId: CONSOLE_ID,
      bmcSessionId: id === 3 ? 0x4402 : 0x4482,
    });
  });

  test('exchanges RAKP 1 to 4', () => {
    expect(encodeSetup(0x12, encodeRakp1(0, context)).toString('hex')).toBe(at(4).toString('hex'));
    expect(rakp2Code(context, kuid).toString('hex')).toBe(rakp2.keyExchangeCode.toString('hex'));
    const rakp3 = encodeRakp3(0, context.bmcSessionId, rakp3Code(context, kuid));
    expect(encodeSetup(0x14, rakp3).toString('hex')).toBe(at(6).toString('hex'));
    const rakp4 = decodeRakp4(packet(7).payload);
    expect(rakp4Code(context, sessionIntegrityKey(context, kuid)).toString('hex')).toBe(
      rakp4?.integrityCheckValue.toString('hex'),
    );
  });

  test('another password gives other codes', () => {
    const wrong = userKey(Buffer.from('ADMIM'));
    expect(rakp2Code(context, wrong).equals(rakp2.keyExchangeCode)).toBe(false);
  });

  test('every request is sealed byte for byte as recorded', () => {
    expect(sent.length).toBeGreaterThanOrEqual(6);
    for (const index of sent) {
      const recorded = packet(index);
      expect(isAuthentic(keys, recorded)).toBe(true);
      const message = open(keys, recorded) as Buffer;
      const iv = recorded.payload.subarray(0, 16);
      const again = seal(keys, context.bmcSessionId, recorded.sessionSequence, message, iv);
      expect(again.toString('hex')).toBe(at(index).toString('hex'));
    }
  });

  test('every response opens, and one of them is what ipmitool printed', () => {
    const responses = received.map((index) => {
      expect(isAuthentic(keys, packet(index))).toBe(true);
      return decodeResponse(open(keys, packet(index)) as Buffer);
    });
    // ipmitool also tries what a USER may not.
    expect(responses.map((response) => response?.completionCode)).toEqual([0xd4, 0, 0xd4, 0xd4, 0, 0]);
    const reading = responses.find((response) => response?.netFn === 5 && response.command === 0x2d);
    expect(reading?.data.toString('hex')).toBe('2fc0c000');
  });

  test('a packet with any byte changed is not authentic', () => {
    const original = at(received[0] as number);
    for (let i = 4; i < original.length; i++) {
      const forged = Buffer.from(original);
      forged[i] = (forged[i] as number) ^ 0x01;
      const decoded = decodeRmcpPlus(forged);
      expect(decoded !== undefined && isAuthentic(keys, decoded), `byte ${i}`).toBe(false);
    }
  });

  test('a packet that is cut anywhere is not authentic', () => {
    const original = at(received[0] as number);
    for (let length = 0; length < original.length; length++) {
      const decoded = decodeRmcpPlus(original.subarray(0, length));
      expect(decoded !== undefined && isAuthentic(keys, decoded), `${length} bytes`).toBe(false);
    }
  });
});
