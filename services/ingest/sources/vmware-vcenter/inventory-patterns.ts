/** Fixed words of messages about files, migrations, clones, customization, switches (event-patterns.ts). */

/** Begins with, the whole as a pattern (first group: the object), event. In order. */
export const INVENTORY_PATTERNS: readonly (readonly [string, RegExp, string])[] = [
  [
    'Move of file ',
    /^Move of file or directory (.{1,256}?) from .{1,256} to .{1,256} as /,
    'DatastoreFileMovedEvent',
  ],
  [
    'Copy of file ',
    /^Copy of file or directory (.{1,256}?) from .{1,256} to .{1,256} as /,
    'DatastoreFileCopiedEvent',
  ],
  ['Deletion of file ', /^Deletion of file or directory (.{1,256}) from /, 'DatastoreFileDeletedEvent'],
  [
    'Migration of virtual machine ',
    /^Migration of virtual machine (.{1,256}?) from .{1,512} completed/,
    'VmMigratedEvent',
  ],
  ['Completed the relocation', /^/, 'VmRelocatedEvent'],
  ['Clone of ', /^Clone of (.{1,256}) completed/, 'VmClonedEvent'],
  ['Template ', /^Template .{1,256} deployed on /, 'VmDeployedEvent'],
  ['Started customization', /^Started customization of VM (.{1,256}?)\.? /, 'CustomizationStartedEvent'],
  ['Started customization', /^Started customization of VM (.{1,256}?)\.?$/, 'CustomizationStartedEvent'],
  ['Customization of VM ', /^Customization of VM (.{1,256}) succeeded/, 'CustomizationSucceeded'],
  [
    'An error occurred during customization',
    /^An error occurred during customization on VM (.{1,256}?)(?:, .{0,512})?$/,
    'CustomizationFailed',
  ],
  ['An error occurred while setting up network', /^/, 'CustomizationNetworkSetupFailed'],
  ['Cannot connect ', /^Cannot connect (?:host )?([^ ]{1,255}) in /, 'HostCnxFailedEvent'],
  ['vSphere HA enabled', /^vSphere HA enabled for cluster (.{1,256}?)(?: in .{1,255})?$/, 'DasEnabledEvent'],
  [
    'vSphere HA disabled',
    /^vSphere HA disabled for cluster (.{1,256}?)(?: in .{1,255})?$/,
    'DasDisabledEvent',
  ],
  ['Enabled DRS on ', /^Enabled DRS on (?:cluster )?(.{1,256}) in (?:datacenter )?/, 'DrsEnabledEvent'],
  ['Disabled DRS on ', /^Disabled DRS on (?:cluster )?(.{1,256}) in (?:datacenter )?/, 'DrsDisabledEvent'],
  [
    'Changed custom field',
    /^Changed custom field .{1,256}? on (.{1,256}?) in /,
    'CustomFieldValueChangedEvent',
  ],
  ['Running task ', /^Running task (.{1,256}) on .{1,256} in datacenter /, 'ScheduledTaskStartedEvent'],
  [
    'Task ',
    /^Task (.{1,256}) on .{1,256} in datacenter .{1,255} completed successfully/,
    'ScheduledTaskCompletedEvent',
  ],
  [
    'Task ',
    /^Task (.{1,256}) on .{1,256} in datacenter .{1,255} cannot be completed/,
    'ScheduledTaskFailedEvent',
  ],
  [
    'vSphere Distributed Switch ',
    /^vSphere Distributed Switch (.{1,256}) in .{1,255} was deleted/,
    'DvsDestroyedEvent',
  ],
  [
    'The host ',
    /^The host .{1,255} joined the vSphere Distributed Switch (.{1,256}) in /,
    'DvsHostJoinedEvent',
  ],
  ['The host ', /^The host .{1,255} left the vSphere Distributed Switch (.{1,256}) in /, 'DvsHostLeftEvent'],
];
