/**
 * Ids of a host's own observations: `esx.audit.…` in vobd.log, and raised again by vCenter as EventEx. Of the other
 * families (`vob.`, `vprob.`, `esx.problem.`, `esx.clear.`) nothing is an audit's: health, and the same said twice.
 */
import { outcomeOfName } from './operation.ts';
import type { Operation } from './operation.ts';
import type { TargetKind } from './target-kinds.ts';

/** Beginning of the id behind `esx.audit.`, action, target, and what the words do not tell of the outcome. */
const TABLE: readonly (readonly [string, string, TargetKind, Operation['outcome']?])[] = [
  ['account.locked', 'disable', 'user', 'success'],
  ['account.loginfailures', 'authenticate/login', 'service', 'failure'],
  ['dcui.enabled', 'enable', 'service'],
  ['dcui.disabled', 'disable', 'service'],
  ['dcui.host.reboot', 'start/reboot', 'node', 'pending'],
  ['dcui.host.shutdown', 'stop/shutdown', 'node', 'pending'],
  ['dcui.hostagents.restart', 'start/reboot', 'service'],
  ['dcui.login.failed', 'authenticate/login', 'service', 'failure'],
  ['dcui.login.passwd.changed', 'update', 'user'],
  ['dcui.network.restart', 'start/reboot', 'network'],
  ['dcui.network.factoryrestore', 'restore', 'network'],
  ['dcui.defaults.factoryrestore', 'restore', 'node'],
  ['esxcli.host.poweroff', 'stop', 'node', 'pending'],
  ['esxcli.host.reboot', 'start/reboot', 'node', 'pending'],
  ['esxcli.host.restart', 'start/reboot', 'node', 'pending'],
  ['hostd.host.poweroff', 'stop', 'node', 'pending'],
  ['hostd.host.reboot', 'start/reboot', 'node', 'pending'],
  ['hostd.host.restart', 'start/reboot', 'node', 'pending'],
  ['subsystem.host.poweroff', 'stop', 'node', 'pending'],
  ['subsystem.host.reboot', 'start/reboot', 'node', 'pending'],
  ['subsystem.host.restart', 'start/reboot', 'node', 'pending'],
  ['esximage.hostacceptance.changed', 'configure', 'policy'],
  ['esximage.install.', 'create', 'package'],
  ['esximage.profile.install.successful', 'create', 'package'],
  ['esximage.profile.update.successful', 'update', 'package'],
  ['esximage.software.apply.succeeded', 'update', 'package'],
  ['esximage.vib.install.successful', 'create', 'package'],
  ['esximage.vib.remove.successful', 'delete', 'package'],
  ['host.boot', 'start', 'node', 'success'],
  ['host.stop.reboot', 'start/reboot', 'node', 'pending'],
  ['host.stop.shutdown', 'stop/shutdown', 'node', 'pending'],
  ['host.poweroff.reason.', 'stop', 'node', 'success'],
  ['host.reboot.reason.', 'start/reboot', 'node', 'success'],
  ['host.quickboot.reason.', 'start/reboot', 'node', 'success'],
  ['host.crash.reason', 'stop/crash', 'node', 'failure'],
  ['lockdownmode.enabled', 'enable', 'policy'],
  ['lockdownmode.disabled', 'disable', 'policy'],
  ['lockdownmode.exceptions.changed', 'configure', 'policy', 'success'],
  ['maintenancemode.entering', 'disable', 'node', 'pending'],
  ['maintenancemode.entered', 'disable', 'node'],
  ['maintenancemode.exited', 'enable', 'node'],
  ['maintenancemode.canceled', 'disable', 'node', 'failure'],
  ['maintenancemode.failed', 'disable', 'node', 'failure'],
  ['partialmaintenancemode.entering', 'disable', 'node', 'pending'],
  ['partialmaintenancemode.entered', 'disable', 'node'],
  ['partialmaintenancemode.exited', 'enable', 'node'],
  ['partialmaintenancemode.canceled', 'disable', 'node', 'failure'],
  ['partialmaintenancemode.failed', 'disable', 'node', 'failure'],
  ['net.firewall.config.changed', 'configure', 'firewall'],
  ['net.firewall.enabled', 'enable', 'firewall'],
  ['net.firewall.disabled', 'disable', 'firewall'],
  ['net.firewall.port.hooked', 'update/attach', 'firewall'],
  ['net.firewall.port.removed', 'update/detach', 'firewall'],
  ['net.lacp.enable', 'enable', 'network'],
  ['net.lacp.disable', 'disable', 'network'],
  ['shell.enabled', 'enable', 'service'],
  ['shell.disabled', 'disable', 'service'],
  ['ssh.enabled', 'enable', 'service'],
  ['ssh.disabled', 'disable', 'service'],
  ['ssh.session.opened', 'authenticate/login', 'service'],
  ['ssh.session.closed', 'authenticate/logout', 'service'],
  ['ssh.session.failed', 'authenticate/login', 'service', 'failure'],
  ['supershell.access', 'authenticate/login', 'service', 'success'],
  ['usb.config.changed', 'configure', 'config'],
  ['uw.secpolicy.', 'configure', 'policy'],
  ['uw.security.User.ExecInstalledOnly.enabled', 'enable', 'policy'],
  ['uw.security.User.ExecInstalledOnly.disabled', 'disable', 'policy'],
  ['uw.security.execInstalledOnly.violation', 'deny', 'file', 'success'],
  ['uw.security.execInstalledOnly.warning', 'notify', 'file', 'success'],
  ['vmfs.volume.mounted', 'update/attach', 'volume'],
  ['vmfs.volume.umounted', 'update/detach', 'volume'],
  ['vsan.clustering.enabled', 'enable', 'cluster'],
  ['vsan.rdma.changed', 'configure', 'network', 'success'],
  ['vsan.net.vnic.added', 'update/attach', 'network'],
  ['vsan.net.vnic.deleted', 'update/detach', 'network'],
];

/** Measurements of devices and tests, not operations. */
const NOISE =
  /^(?:entropy|hardware|hcm|test|vobdtestcorrelator|vob|vmfs\.(?:lvm|sesparse)|net\.lacp\.uplink|host\.maxRegistered\w{0,20}|esxtokend|weak)\b/;
const EXACT = new Map(TABLE.map((row) => [row[0], row]));
const PREFIXES = TABLE.filter(
  ([id]) => id.endsWith('.') || id.startsWith('host.crash') || /^(?:esxcli|hostd|subsystem)\./.test(id),
);

/** The operation of an id that begins with `esx.`, `vob.` or `vprob.`; undefined for any other name. */
export function esxAuditOperation(id: string): Operation | undefined {
  if (id.startsWith('vob.') || id.startsWith('vprob.')) return noise('host-observation');
  if (!id.startsWith('esx.')) return undefined;
  if (!id.startsWith('esx.audit.')) return noise('host-health');
  const rest = id.slice(10);
  const row = EXACT.get(rest) ?? PREFIXES.find(([prefix]) => rest.startsWith(prefix));
  if (row === undefined) {
    return NOISE.test(rest)
      ? noise('host-health')
      : { action: 'unknown', outcome: outcomeOfName(rest), rule: 'unmapped-esx-audit' };
  }
  const [, action, kind, outcome] = row;
  return {
    action,
    kind,
    outcome: outcome ?? 'success',
    rule: 'esx-audit',
  };
}

function noise(rule: string): Operation {
  return { action: 'notify', outcome: 'success', rule, isNoise: true };
}
