import { BlockList, isIP } from 'node:net';
import { SourceError } from '../../core/errors.ts';
import type { Discovered, TargetSpec } from '../../core/source.ts';
import type { BmcConfig, BmcTargetConfig } from './config.ts';
import type { BmcTarget } from './target.ts';

type Fleet = BmcConfig['fleet'];
type Open = (login: BmcConfig['defaults'], target: BmcTargetConfig) => TargetSpec<BmcTarget>;

/** BMCs that were probed and keep their session; the one that was probed longest ago makes room. */
const MAX_OPEN = 2000;

/**
 * BMCs that are read by `/probe`. A module's credentials go to listed addresses and allowed ranges and nowhere else: an
 * address from outside would otherwise be handed the proof of a password.
 */
export class ProbedBmcs {
  readonly #fleet: Fleet;
  readonly #openTarget: Open;
  readonly #allowed: BlockList;
  readonly #open = new Map<string, TargetSpec<BmcTarget>>();

  constructor(fleet: Fleet, open: Open) {
    this.#fleet = fleet;
    this.#openTarget = open;
    this.#allowed = allowList(fleet.allow);
  }

  /** @throws SourceError forbidden, not_found */
  probe(address: string, module: string): TargetSpec<BmcTarget> {
    const key = `${module} ${address}`;
    const spec = this.#open.get(key) ?? this.#create(address, module);
    // A Map keeps the order of insertion: the last used goes to the end.
    this.#open.delete(key);
    this.#open.set(key, spec);
    this.#evict();
    return spec;
  }

  discover(): readonly Discovered[] {
    return this.#fleet.members;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ client }) => client.bmc.close()));
    this.#open.clear();
  }

  #create(address: string, module: string): TargetSpec<BmcTarget> {
    const login = this.#fleet.modules[module];
    if (!login) throw new SourceError('not_found', `bmc has no module "${module}" under fleet.modules`);
    const listed = this.#fleet.members.find((member) => member.address === address);
    if (!listed && !this.#isAllowed(address)) {
      throw new SourceError('forbidden', `${address} is neither listed nor in a range of bmc's fleet.allow`);
    }
    return this.#openTarget(login, { member: listed?.member ?? address, address });
  }

  #isAllowed(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#allowed.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  #evict(): void {
    const [oldest] = this.#open;
    if (this.#open.size <= MAX_OPEN || !oldest) return;
    this.#open.delete(oldest[0]);
    void oldest[1].client.bmc.close();
  }
}

function allowList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix = ''] = range.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
