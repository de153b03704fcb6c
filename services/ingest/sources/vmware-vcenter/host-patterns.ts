/** Fixed words of messages about a host: SSH, shells, lockdown, firewall, maintenance (event-patterns.ts). */

/** Begins with, the whole as a pattern (first group: the object), event. In order. */
export const HOST_PATTERNS: readonly (readonly [string, RegExp, string])[] = [
  ['SSH access has been enabled', /^/, 'esx.audit.ssh.enabled'],
  ['SSH access has been disabled', /^/, 'esx.audit.ssh.disabled'],
  ['SSH for the host', /^SSH for the host (.{1,255}) has been enabled/, 'esx.audit.ssh.enabled'],
  ['SSH for the host', /^SSH for the host (.{1,255}) has been disabled/, 'esx.audit.ssh.disabled'],
  [
    'SSH session was opened',
    /^SSH session was opened for '?([^' ]{1,256}@[^' ]{1,255})'?/,
    'esx.audit.ssh.session.opened',
  ],
  [
    'SSH session was closed',
    /^SSH session was closed for '?([^' ]{1,256}@[^' ]{1,255})'?/,
    'esx.audit.ssh.session.closed',
  ],
  [
    'SSH login has failed',
    /^SSH login has failed for '?([^' ]{1,256}@[^' ]{1,255})'?/,
    'esx.audit.ssh.session.failed',
  ],
  [
    '',
    /^(?:The )?ESXi (?:command line )?[Ss]hell (?:for the host (.{1,255}) )?has been enabled/,
    'esx.audit.shell.enabled',
  ],
  [
    '',
    /^(?:The )?ESXi (?:command line )?[Ss]hell (?:for the host (.{1,255}) )?has been disabled/,
    'esx.audit.shell.disabled',
  ],
  ['The DCUI has been enabled', /^/, 'esx.audit.dcui.enabled'],
  ['The DCUI has been disabled', /^/, 'esx.audit.dcui.disabled'],
  ['Authentication of user ', /^Authentication of user (.{1,256}) has failed/, 'esx.audit.dcui.login.failed'],
  [
    'Remote access for ESXi local user account',
    /^Remote access for ESXi local user account '(.{1,256}?)' has been locked/,
    'esx.audit.account.locked',
  ],
  [
    'Multiple remote login failures',
    /for ESXi local user account '(.{1,256}?)'/,
    'esx.audit.account.loginfailures',
  ],
  ['Firewall configuration has changed', /^/, 'esx.audit.net.firewall.config.changed'],
  ['Firewall has been disabled', /^/, 'esx.audit.net.firewall.disabled'],
  ['Firewall has been enabled', /^/, 'esx.audit.net.firewall.enabled'],
  ['Host has booted', /^/, 'esx.audit.host.boot'],
  ['Host is shutting down', /^/, 'esx.audit.host.stop.shutdown'],
  ['Host is rebooting', /^/, 'esx.audit.host.stop.reboot'],
  ['The host has begun shutting down', /^/, 'esx.audit.host.stop.shutdown'],
  ['The host has begun rebooting', /^/, 'esx.audit.host.stop.reboot'],
  ['Host lockdown mode has been enabled', /^/, 'esx.audit.lockdownmode.enabled'],
  ['Host lockdown mode has been disabled', /^/, 'esx.audit.lockdownmode.disabled'],
  ['List of lockdown exception users', /^/, 'esx.audit.lockdownmode.exceptions.changed'],
  [
    'Administrator access to the host ',
    /^Administrator access to the host (.{1,255}) is disabled/,
    'HostAdminDisableEvent',
  ],
  [
    'Administrator access to the host ',
    /^Administrator access to the host (.{1,255}) (?:is|has been) (?:en|rest)/,
    'HostAdminEnableEvent',
  ],
  ['The host has begun entering maintenance', /^/, 'esx.audit.maintenancemode.entering'],
  ['The host has entered maintenance mode', /^/, 'esx.audit.maintenancemode.entered'],
  ['The host has exited maintenance mode', /^/, 'esx.audit.maintenancemode.exited'],
  [
    'Host ',
    /^Host (.{1,255}?)(?: in .{1,255})? has started to enter maintenance mode/,
    'EnteringMaintenanceModeEvent',
  ],
  ['Host ', /^Host (.{1,255}?)(?: in .{1,255})? has entered maintenance mode/, 'EnteredMaintenanceModeEvent'],
  ['Host ', /^Host (.{1,255}?)(?: in .{1,255})? has exited maintenance mode/, 'ExitMaintenanceModeEvent'],
  ['Enter maintenance mode ', /^/, 'EnteringMaintenanceModeEvent'],
];
