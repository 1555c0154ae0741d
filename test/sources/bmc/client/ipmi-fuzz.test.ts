import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../../../../src/core/errors.ts';
import { createBoard } from '../../../../src/demo/bmc/board.ts';
import { createCommands } from '../../../../src/demo/bmc/commands.ts';
import { RmcpServer } from '../../../../src/demo/bmc/rmcp-server.ts';
import { cipherSuites } from '../../../../src/sources/bmc/client/ipmi/cipher-suite.ts';
import { convertRaw, decodeFactors } from '../../../../src/sources/bmc/client/ipmi/conversion.ts';
import { decodeIdString, decodeTypedString } from '../../../../src/sources/bmc/client/ipmi/id-string.ts';
import { decodeInventory } from '../../../../src/sources/bmc/client/ipmi/inventory.ts';
import { isAuthentic, open } from '../../../../src/sources/bmc/client/ipmi/packet-cipher.ts';
import { decodeRmcpPlus } from '../../../../src/sources/bmc/client/ipmi/rmcp-plus.ts';
import { IpmiBmc } from '../../../../src/sources/bmc/client/ipmi-bmc.ts';
import { createLoopback } from '../../../fakes/bmc/loopback.ts';
import { PASSWORD, soon } from '../../../fakes/bmc/simulated.ts';

const bytes = (maxLength: number, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

test('a name of any bytes has no control characters', () => {
  fc.assert(
    fc.property(fc.nat(3), bytes(32, 1), (encoding, name) => {
      expect(decodeIdString(encoding, name)).not.toMatch(/\p{Cc}/u);
      expect(decodeTypedString(name, 0)).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test('any factors give a finite value or none', () => {
  fc.assert(
    fc.property(bytes(6, 6), fc.nat(255), fc.constantFrom(0, 1, 2), fc.nat(127), (six, raw, format, linearization) => {
      const value = convertRaw(raw, format as 0 | 1 | 2, decodeFactors(six), linearization);
      expect(value === undefined || Number.isFinite(value)).toBe(true);
    }),
  );
});

test('a repository of any records is sorted, and every record is a sensor, skipped or something else', () => {
  const record = fc
    .tuple(bytes(80), fc.constantFrom(1, 2, 3, 8, 0x11, 0x12))
    .map(([raw, type]) => Buffer.concat([raw.subarray(0, 3), Buffer.from([type]), raw.subarray(3)]));
  fc.assert(
    fc.property(fc.array(fc.oneof(record, bytes(8)), { maxLength: 8 }), fc.boolean(), (records, assumeBmcOwner) => {
      const { records: decoded, skipped } = decodeInventory(records, assumeBmcOwner);
      expect(decoded.length + skipped.undecodable).toBe(records.length);
    }),
  );
});

test('a packet of any bytes is not authentic, and opening it does not throw', () => {
  const keys = { suite: cipherSuites[3], k1: Buffer.alloc(20, 1), aes: Buffer.alloc(16, 2) };
  fc.assert(
    fc.property(bytes(96), bytes(40), fc.constantFrom(0x00, 0x40, 0x80, 0xc0), (payload, trailer, flags) => {
      const head = [6, 0, 0xff, 7, 6, flags, 1, 0, 0, 0, 1, 0, 0, 0, payload.length, 0];
      const packet = decodeRmcpPlus(Buffer.concat([Buffer.from(head), payload, trailer]));
      if (!packet) throw new Error('it is a whole packet');
      expect(isAuthentic(keys, packet)).toBe(false);
      const message = open(keys, packet);
      expect(message === undefined || message.length < payload.length).toBe(true);
    }),
  );
});

/** A BMC that answers one command, or every, with any bytes, and everything else as it should. */
function openStrange(strange: { command: number | undefined; answer: Buffer }) {
  const run = createCommands(createBoard('test'));
  const server = new RmcpServer({
    users: [{ name: 'monitor', password: PASSWORD, privilege: 4 }],
    run: (netFn, command, data, privilege) =>
      strange.command === undefined || strange.command === ((netFn << 8) | command)
        ? [...strange.answer]
        : run(netFn, command, data, privilege),
    guid: Buffer.alloc(16, 7),
    algorithms: [3],
  });
  return new IpmiBmc({
    transport: createLoopback(server).open,
    credentials: { user: 'monitor', password: () => PASSWORD, privilege: 'user' },
    // A busy BMC is asked again, at once.
    retry: { attempts: 2, firstMs: 20, growth: 1 },
    window: 4,
    clock: { now: () => Date.now() },
  });
}

const commands = [0x0001, 0x0601, 0x2c02, 0x0a10, 0x0a11, 0x0a20, 0x0a22, 0x0a23, 0x0a40, 0x0a43, 0x0427, 0x042d];

test('any answer to any command costs what it told, in a word of the closed list', async () => {
  const answer = fc
    .tuple(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(255)), bytes(40))
    .map(([completion, data]) => Buffer.concat([Buffer.from([completion]), data]));
  await fc.assert(
    fc.asyncProperty(fc.option(fc.constantFrom(...commands), { nil: undefined }), answer, async (command, bad) => {
      const bmc = openStrange({ command, answer: bad });
      try {
        const signal = soon();
        const results = await Promise.allSettled([
          bmc.identity(signal),
          bmc.sensors(signal),
          bmc.chassis(signal),
          bmc.power(signal),
          bmc.eventLog(signal),
          bmc.powerSupplies(signal),
        ]);
        for (const result of results)
          if (result.status === 'rejected') expect(codeOf(result.reason)).not.toBe('internal');
        const [, scan] = results;
        if (scan.status === 'fulfilled')
          for (const { thresholds, value } of scan.value.sensors)
            expect([value ?? 0, ...Object.values(thresholds)].every(Number.isFinite)).toBe(true);
      } finally {
        await bmc.close();
      }
    }),
    { numRuns: 60 },
  );
});
