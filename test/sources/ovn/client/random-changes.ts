type Command = readonly string[];

/** An endless mix of commands for ovn-nbctl that touch every table and kind of column that is read; seeded. */
export function createChanges(seed: number): { take(count: number): Command[] } {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = (prefix: string, count: number) => `${prefix}${Math.floor(random() * count)}`;
  const network = () => `lxd-net${Math.floor(random() * 9)}`;
  const instance = (n: string) => `${n}-instance-00000000-0000-4000-8000-00000000000${Math.floor(random() * 10)}-eth0`;
  const address = () => `10.${Math.floor(random() * 9)}.0.${1 + Math.floor(random() * 250)}`;

  const kinds: readonly (() => readonly Command[])[] = [
    () => [['--may-exist', 'ls-add', `${network()}-ls-int`]],
    () => [['--if-exists', 'ls-del', some('plain', 5)]],
    () => [['--may-exist', 'ls-add', some('plain', 5)]],
    () => {
      const n = network();
      return [
        ['--may-exist', 'ls-add', `${n}-ls-int`],
        ['--may-exist', 'lsp-add', `${n}-ls-int`, instance(n)],
      ];
    },
    () => [['--if-exists', 'lsp-del', instance(network())]],
    () => withPort((port) => [['lsp-set-enabled', port, pick(['enabled', 'disabled'])]]),
    () => withPort((port) => [['set', 'logical_switch_port', port, `external_ids:lxd_location=${some('host', 3)}`]]),
    () => withPort((port) => [['remove', 'logical_switch_port', port, 'external_ids', 'lxd_location']]),
    () => {
      const ls = `${network()}-ls-int`;
      const rule = ['to-lport', String(100 + Math.floor(random() * 5)), 'ip4', pick(['allow', 'drop', 'reject'])];
      return [
        ['--may-exist', 'ls-add', ls],
        ['--may-exist', 'acl-add', ls, ...rule],
      ];
    },
    () => {
      const lr = `${network()}-lr`;
      const [inner, outer] = [address(), address()];
      return [
        ['--may-exist', 'lr-add', lr],
        ['--if-exists', 'lr-nat-del', lr, 'dnat_and_snat', outer],
        ['--may-exist', 'lr-nat-add', lr, 'snat', outer, inner],
      ];
    },
    () => [['--may-exist', 'lr-add', `${network()}-lr`]],
    () => [['--if-exists', 'lr-del', `${network()}-lr`]],
    () => {
      const lb = `${network()}-lb-${some('v', 3)}-tcp`;
      return [['--may-exist', 'lb-add', lb, `${address()}:80`, `${address()}:80`, 'tcp']];
    },
    () => [['--if-exists', 'lb-del', `${network()}-lb-${some('v', 3)}-tcp`]],
    () => {
      const ls = `${network()}-ls-int`;
      return [
        ['--may-exist', 'ls-add', ls],
        ['acl-del', ls],
      ];
    },
    () => [['set', 'nb_global', '.', `options:${some('key', 4)}=${some('value', 3)}`]],
    () => [['remove', 'nb_global', '.', 'options', some('key', 4)]],
    () => {
      const ls = `${network()}-ls-int`;
      return [
        ['--may-exist', 'ls-add', ls],
        ['qos-del', ls],
        ['--may-exist', 'qos-add', ls, 'to-lport', '10', 'ip4', `dscp=${1 + Math.floor(random() * 60)}`],
      ];
    },
    () => {
      const ls = `${network()}-ls-int`;
      return [
        ['--may-exist', 'ls-add', ls],
        ['--id=@dns', 'create', 'dns', `external_ids:lxd_switch=${ls}`],
        ['add', 'logical_switch', ls, 'dns_records', '@dns'],
      ];
    },
    () => {
      const ls = `${network()}-ls-int`;
      return [
        ['--may-exist', 'ls-add', ls],
        ['clear', 'logical_switch', ls, 'dns_records'],
      ];
    },
    () => [['dhcp-options-create', `10.${Math.floor(random() * 9)}.0.0/24`, `lxd_switch=${network()}-ls-int`]],
  ];

  /** Makes sure that the port is there, so that the command has something to work on. */
  function withPort(commands: (port: string) => readonly Command[]): readonly Command[] {
    const n = network();
    const port = instance(n);
    return [
      ['--may-exist', 'ls-add', `${n}-ls-int`],
      ['--may-exist', 'lsp-add', `${n}-ls-int`, port],
      ...commands(port),
    ];
  }

  // A symbolic name may be used once in a transaction.
  let names = 0;
  const unique = (commands: readonly Command[]): readonly Command[] => {
    names++;
    return commands.map((command) => command.map((word) => word.replaceAll('@dns', `@dns${names}`)));
  };
  return {
    take(count) {
      const commands: Command[] = [];
      while (commands.length < count) commands.push(...unique(pick(kinds)()));
      return commands;
    },
  };
}

/** Numerical Recipes' linear congruential generator. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
