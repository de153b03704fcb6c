/** Commands of esxcli that come as tasks: `vim.EsxCLI.system.account.add`. Their namespace tells what they are about. */
import type { TargetKind } from './target-kinds.ts';

const VERBS: ReadonlyMap<string, string> = new Map([
  ['add', 'create'],
  ['create', 'create'],
  ['install', 'create'],
  ['remove', 'delete'],
  ['delete', 'delete'],
  ['uninstall', 'delete'],
  ['update', 'update'],
  ['set', 'configure'],
  ['setdefault', 'configure'],
  ['load', 'configure'],
  ['reload', 'configure'],
  ['unload', 'configure'],
  ['enable', 'enable'],
  ['disable', 'disable'],
  ['mount', 'update/attach'],
  ['unmount', 'update/detach'],
  ['list', 'read'],
  ['get', 'read'],
  ['stats', 'read'],
]);
/** Beginning of the namespace, in order. */
const KINDS: readonly (readonly [string, TargetKind])[] = [
  ['system.account', 'user'],
  ['system.permission', 'role'],
  ['system.syslog', 'log'],
  ['system.maintenanceMode', 'node'],
  ['system.shutdown', 'node'],
  ['system.secpolicy', 'policy'],
  ['network.firewall', 'firewall'],
  ['network', 'network'],
  ['storage', 'volume'],
  ['software', 'package'],
  ['vm', 'machine'],
  ['', 'config'],
];

/** `namespace`: `system.account`; `command`: its last word. */
export function esxcliOperation(
  namespace: string,
  command: string,
): { readonly action: string; readonly kind: TargetKind | undefined; readonly isMapped: boolean } {
  const kind = KINDS.find(([start]) => namespace.startsWith(start))?.[1];
  const special = SPECIAL.get(`${namespace}.${command}`);
  if (special !== undefined) return { action: special, kind, isMapped: true };
  const action = VERBS.get(command.toLowerCase());
  return action === undefined
    ? { action: 'unknown', kind, isMapped: false }
    : { action, kind, isMapped: true };
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['system.permission.set', 'allow'],
  ['system.permission.unset', 'revoke'],
  ['system.account.set', 'update'],
  ['system.shutdown.poweroff', 'stop'],
  ['system.shutdown.reboot', 'start/reboot'],
  ['vm.process.kill', 'stop'],
]);
