import { readFileSync } from 'node:fs';
import type { Secret } from '../../config/secret.ts';
import type { Clock } from '../../core/clock.ts';
import type { Bmc } from './client/hardware.ts';
import type { InventoryPool } from './client/ipmi/inventory-pool.ts';
import { udpTransport } from './client/ipmi/transport.ts';
import { IpmiBmc } from './client/ipmi-bmc.ts';
import { fingerprintOfFile } from './client/redfish/connector.ts';
import { RedfishBmc } from './client/redfish-bmc.ts';
import type { BmcConfig, BmcTargetConfig } from './config.ts';

/** One BMC and the member it belongs to: what collectors work with. */
export interface BmcTarget {
  readonly member: string;
  /** As configured: an address or a name, without a port. */
  readonly address: string;
  readonly bmc: Bmc;
}

/** What all BMCs of a source have in common. */
interface Shared {
  readonly clock: Clock;
  readonly pool: InventoryPool;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Puts defaults and the target's own keys together. Throws for what is missing or cannot be read. */
export function openTarget(defaults: BmcConfig['defaults'], own: BmcTargetConfig, shared: Shared): BmcTarget {
  const login = { ...defaults, ...withoutUndefined(own) };
  const { address, member } = own;
  if (login.user === undefined) throw new Error(`BMC of ${member}: user is missing`);
  // A target's password goes before the default one, in whichever of the two ways it is written.
  const secret = own.password ?? own.password_file ?? login.password ?? login.password_file;
  if (!secret) throw new Error(`BMC of ${member}: password_file or password is missing`);
  const open = login.protocol === 'redfish' ? openRedfish : openIpmi;
  return { member, address, bmc: open({ ...login, user: login.user, secret }, shared) };
}

type Login = Omit<BmcTargetConfig, 'user'> & { readonly user: string; readonly secret: Secret };

function openIpmi(login: Login, { clock, pool }: Shared): Bmc {
  const { bmc_key_file: bmcKey } = login;
  return new IpmiBmc({
    transport: udpTransport(login.address, login.port),
    credentials: {
      user: login.user,
      password: () => login.secret.reveal(),
      bmcKey: bmcKey && (() => bmcKey.reveal()),
      privilege: login.privilege ?? 'user',
      nameOnlyLookup: login.name_only_lookup,
    },
    cipherSuite: login.cipher_suite,
    idle: login.keep_session === false ? 'close' : 'keep',
    window: login.window ?? 4,
    clock,
    pool,
    assumeBmcOwner: login.assume_bmc_owner,
    ignoreScanningDisabled: login.ignore_scanning_disabled,
    supermicroPmbus: login.supermicro_pmbus,
  });
}

function openRedfish(login: Login, { clock }: Shared): Bmc {
  const host = login.address.includes(':') ? `[${login.address}]` : login.address;
  const port = login.port === undefined ? '' : `:${login.port}`;
  return new RedfishBmc({
    origin: `${login.plain_http ? 'http' : 'https'}://${host}${port}`,
    user: login.user,
    password: () => login.secret.reveal(),
    authentication: login.authentication ?? 'basic',
    ca: login.ca_file === undefined ? undefined : readFileSync(login.ca_file, 'utf8'),
    fingerprint: login.server_certificate ? fingerprintOfFile(login.server_certificate) : login.server_fingerprint,
    maxBodyBytes: login.max_body_bytes ?? MAX_BODY_BYTES,
    clock,
  });
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
