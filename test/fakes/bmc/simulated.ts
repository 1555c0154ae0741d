import { afterEach, expect, vi } from 'vitest';
import { type Board, createBoard } from '../../../src/demo/bmc/board.ts';
import { createCommands, type RunCommand } from '../../../src/demo/bmc/commands.ts';
import { RmcpServer, type RmcpServerOptions } from '../../../src/demo/bmc/rmcp-server.ts';
import { IpmiClient, type IpmiClientOptions } from '../../../src/sources/bmc/client/ipmi/client.ts';
import { createLoopback, type Loopback } from './loopback.ts';

export const PASSWORD = 'not-for-any-log';

export interface Simulated {
  readonly board: Board;
  readonly server: RmcpServer;
  readonly loopback: Loopback;
  readonly client: IpmiClient;
}

/** Tests wait for the last attempt, so it must come soon. */
const quickRetry = { attempts: 4, firstMs: 40, growth: 1.5 };

/** A simulated X10 board and a client that reads it, joined in memory. */
export function simulate(
  server: Partial<RmcpServerOptions> = {},
  client: Partial<IpmiClientOptions> = {},
  wrap: (run: RunCommand) => RunCommand = (run) => run,
): Simulated {
  const board = createBoard('test');
  const rmcp = new RmcpServer({
    users: [{ name: 'monitor', password: PASSWORD, privilege: 2 }],
    run: wrap(createCommands(board)),
    guid: Buffer.from('guid-of-the-fake'),
    algorithms: [1, 3],
    ...server,
  });
  const loopback = createLoopback(rmcp);
  const ipmi = new IpmiClient({
    transport: loopback.open,
    credentials: { user: 'monitor', password: () => PASSWORD, privilege: 'user' },
    retry: quickRetry,
    ...client,
  });
  return { board, server: rmcp, loopback, client: ipmi };
}

/** Long enough for a loaded machine. */
export const soon = (): AbortSignal => AbortSignal.timeout(15_000);

/** `simulate` for the tests of a file: after each, the client is closed, has left nothing open, and time is real again. */
export function useSimulated(): typeof simulate {
  let simulated: Simulated | undefined;
  afterEach(async () => {
    await simulated?.client.close();
    expect(simulated?.loopback.openCount ?? 0).toBe(0);
    simulated = undefined;
    vi.useRealTimers();
  });
  return (...args) => {
    simulated = simulate(...args);
    return simulated;
  };
}
