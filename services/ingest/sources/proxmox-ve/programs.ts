/** Names under which the parts of Proxmox VE and of its backup server write to syslog. */

/** Nothing else has these names. */
const PROXMOX = new Set([
  'pvedaemon',
  'pveproxy',
  'pvestatd',
  'pvescheduler',
  'pve-guests',
  'pve-firewall',
  'pvefw-logger',
  'pve-ha-lrm',
  'pve-ha-crm',
  'pmxcfs',
  'qmeventd',
  'pvesh',
  'pvecm',
  'pveceph',
  'pvesr',
  'pvenode',
  'pveum',
  'pvesm',
  'pveam',
  'pveupdate',
  'pveupgrade',
  'pvebanner',
  'pvereport',
  'pvesubscription',
  'pvenetcommit',
  'pve-lxc-syscalld',
  'vzdump',
  'qmrestore',
  'ha-manager',
  'spiceproxy',
  'proxmox-backup-proxy',
  'proxmox-backup-api',
  'proxmox-backup-manager',
  'proxmox-firewall',
]);

/** Short names that other programs may have too. */
const SHORT = new Set(['qm', 'pct']);

export function isProxmoxProgram(program: string): boolean {
  return PROXMOX.has(program);
}

export function mayBeProxmoxProgram(program: string): boolean {
  return PROXMOX.has(program) || SHORT.has(program);
}
