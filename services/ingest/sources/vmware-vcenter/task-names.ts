/**
 * Methods of the vSphere API that make tasks: `haTask-…-vim.VirtualMachine.powerOn-…` of hostd, the DescriptionId
 * `VirtualMachine.powerOn` of vCenter's tasks.
 */
import { esxcliOperation } from './esxcli-names.ts';
import { guestAction } from './guest-operations.ts';
import { kindOfObject } from './target-kinds.ts';
import type { TargetKind } from './target-kinds.ts';

export interface TaskOperation {
  readonly action: string;
  /** What is acted upon; undefined: the entity of the task, whatever that is. */
  readonly kind?: TargetKind | undefined;
  readonly isMapped: boolean;
}

/** Action, what it is about where that is not the class named, methods (a class before them where it matters). */
const TABLE: readonly (readonly [string, TargetKind | '', string])[] = [
  [
    'start',
    'machine',
    'powerOn powerOnVM powerOnMultiVM VirtualMachine.start Datacenter.powerOnVm ClusterComputeResource.powerOnVm makePrimary startRecording',
  ],
  [
    'stop',
    'machine',
    'powerOff powerOffVM terminate terminateVM VirtualMachine.stop terminateFaultTolerantVM',
  ],
  ['start/reset', 'machine', 'VirtualMachine.reset resetVM'],
  ['stop/suspend', 'machine', 'suspend suspendVM'],
  ['stop/shutdown', 'machine', 'shutdownGuest'],
  ['start/reboot', 'machine', 'rebootGuest'],
  ['stop/pause', 'machine', 'standbyGuest'],
  ['undeploy/unregister', 'machine', 'unregister unregisterVM'],
  ['delete', '', 'destroy destroyNetwork destroyDatastore unregisterAndDestroy'],
  [
    'update',
    'machine',
    'VirtualMachine.reconfigure VirtualMachine.reconfigVM reconfigVM VirtualMachine.rename answer answerVM markAsTemplate markAsVirtualMachine upgradeVirtualHardware upgradeVM mountToolsInstaller unmountToolsInstaller upgradeTools customize VirtualMachine.reload reloadFromPath promoteDisks createSecondaryVM enableSecondaryVM disableSecondaryVM turnOffFaultTolerance defragmentAllDisks resetGuestInformation cryptoUnlock',
  ],
  ['update/attach', 'machine', 'attachDisk'],
  ['update/detach', 'machine', 'detachDisk'],
  ['capture', 'machine', 'createSnapshot createSnapshotEx createScreenshot'],
  [
    'delete/snapshot',
    'machine',
    'removeSnapshot removeAllSnapshots consolidateDisks consolidateVMDisks vm.Snapshot.remove VirtualMachineSnapshot.remove',
  ],
  [
    'restore',
    'machine',
    'revertToSnapshot revertToCurrentSnapshot vm.Snapshot.revert VirtualMachineSnapshot.revert',
  ],
  ['update', 'snapshot', 'vm.Snapshot.rename VirtualMachineSnapshot.rename'],
  ['create', 'machine', 'createVm createVM Folder.createVM_Task'],
  ['create/clone', 'machine', 'VirtualMachine.clone cloneVM instantClone'],
  ['deploy/register', 'machine', 'registerVm registerVM'],
  ['deploy', 'machine', 'importVApp importVm deployOvfTemplate'],
  ['read/export', 'machine', 'exportVm exportVApp exportSnapshot'],
  ['update/migrate', 'machine', 'relocate relocateVM VirtualMachine.migrate migrateVM crossMigrate'],
  ['read/console', 'machine', 'acquireTicket acquireMksTicket'],
  ['disable', 'node', 'enterMaintenanceMode enterStandbyMode powerDownToStandBy powerDownHostToStandBy'],
  ['enable', 'node', 'exitMaintenanceMode exitStandbyMode powerUpFromStandBy powerUpHostFromStandBy'],
  ['start/reboot', 'node', 'HostSystem.reboot rebootHost'],
  ['stop/shutdown', 'node', 'HostSystem.shutdown shutdownHost'],
  ['enable', 'policy', 'enterLockdownMode'],
  ['disable', 'policy', 'exitLockdownMode'],
  ['configure', 'policy', 'changeLockdownMode updateLockdownExceptions changeAccessMode'],
  [
    'update',
    'node',
    'HostSystem.disconnect HostSystem.reconnect disconnectHost reconnectHost reconfigureHostForDAS reconfigureDAS',
  ],
  ['create', 'node', 'addHost addStandaloneHost Folder.addStandaloneHost ClusterComputeResource.addHost'],
  ['update/move', '', 'moveInto moveIntoFolder moveIntoResourcePool moveHostInto'],
  ['create', 'container', 'createFolder createDatacenter createStoragePod'],
  ['create', 'cluster', 'createCluster createClusterEx'],
  ['create', 'pool', 'createResourcePool createVApp'],
  ['create', 'switch', 'createDVS createDistributedVirtualSwitch'],
  ['create', 'portgroup', 'addPortgroup addPortgroups addDVPortgroup createDVPortgroup'],
  [
    'create',
    'volume',
    'createVmfsDatastore createNasDatastore createLocalDatastore createVvolDatastore createVirtualDisk createDisk copyVirtualDisk',
  ],
  [
    'update',
    'volume',
    'expandVmfsDatastore extendVmfsDatastore refreshDatastore renameDatastore moveVirtualDisk extendVirtualDisk inflateVirtualDisk shrinkVirtualDisk resignatureUnresolvedVmfsVolume updateVVolVirtualMachineFiles',
  ],
  ['delete', 'volume', 'removeDatastore removeDatastoreEx deleteVirtualDisk deleteVStorageObject'],
  ['update/attach', 'volume', 'mountVmfsVolume mountVmfsVolumeEx attachScsiLun'],
  [
    'update/detach',
    'volume',
    'unmountVmfsVolume unmountVmfsVolumeEx unmountForceMountedVmfsVolume detachScsiLun',
  ],
  ['create', 'file', 'makeDirectory copyDatastoreFile FileManager.copy FileManager.copyFile'],
  ['update', 'file', 'moveDatastoreFile FileManager.move FileManager.moveFile'],
  ['delete', 'file', 'deleteDatastoreFile FileManager.delete FileManager.deleteFile'],
  ['start', 'service', 'ServiceSystem.start startService'],
  ['stop', 'service', 'ServiceSystem.stop stopService'],
  ['start/reboot', 'service', 'ServiceSystem.restart restartService'],
  ['configure', 'service', 'ServiceSystem.updatePolicy updateServicePolicy'],
  ['create', 'user', 'createUser'],
  ['delete', 'user', 'removeUser'],
  ['update', 'user', 'updateUser changePassword'],
  ['allow', 'role', 'setEntityPermissions resetEntityPermissions'],
  ['revoke', 'role', 'removeEntityPermission'],
  ['create', 'role', 'addAuthorizationRole addRole'],
  ['update', 'role', 'updateAuthorizationRole updateRole'],
  ['delete', 'role', 'removeAuthorizationRole removeRole'],
  ['configure', 'config', 'OptionManager.updateValues updateOptions updateConfig OptionManager.update'],
  [
    'configure',
    'firewall',
    'FirewallSystem.enableRuleset FirewallSystem.disableRuleset FirewallSystem.updateRuleset enableRuleset disableRuleset updateRuleset updateDefaultPolicy',
  ],
  [
    'create',
    'package',
    'installHostPatch installHostPatchV2 installVib vib.install PatchManager.install InstallVib',
  ],
  ['delete', 'package', 'uninstallHostPatch vib.remove PatchManager.uninstall'],
  ['update', 'package', 'remediateHost remediate stageHostPatch'],
  ['read/export', 'log', 'generateLogBundles'],
  ['create', 'task', 'createScheduledTask createObjectScheduledTask'],
  ['create', 'alarm', 'createAlarm'],
  ['backup', 'config', 'backupFirmwareConfiguration backupConfiguration'],
  ['restore', 'config', 'restoreFirmwareConfiguration restoreConfiguration'],
  [
    'create',
    'credential',
    'installServerCertificate generateCertificateSigningRequest acquireSessionTicket acquireCloneTicket acquireGenericServiceTicket acquireLocalTicket',
  ],
  ['authenticate/login', 'service', 'SessionManager.login'],
  ['authenticate/logout', 'service', 'SessionManager.logout'],
];

const BY_METHOD = new Map(
  TABLE.flatMap(([action, kind, methods]) =>
    methods
      .split(' ')
      .map(
        (method) =>
          [method.toLowerCase(), { action, isMapped: true, ...(kind === '' ? {} : { kind }) }] as const,
      ),
  ),
);

/** First word of a method → action, where the method is not in the table and its class is known. */
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/^(?:create|add)(?=[A-Z]|$)/, 'create'],
  [/^(?:remove|delete|destroy)(?=[A-Z]|$)/, 'delete'],
  [/^(?:update|reconfigure|reconfig|rename|set|modify)(?=[A-Z]|$)/, 'update'],
  [/^(?:query|retrieve|get|find|search|list|fetch|check|validate|scan|refresh|rescan)(?=[A-Z]|$)/, 'read'],
  [/^enable(?=[A-Z]|$)/, 'enable'],
  [/^disable(?=[A-Z]|$)/, 'disable'],
];
const CLASS_KINDS: readonly (readonly [string, TargetKind])[] = [
  ['vm.guest.', 'machine'],
  ['NetworkSystem', 'network'],
  ['FirewallSystem', 'firewall'],
  ['StorageSystem', 'volume'],
  ['DatastoreSystem', 'volume'],
  ['DatastoreBrowser', 'volume'],
  ['VirtualDiskManager', 'volume'],
  ['FileManager', 'file'],
  ['DateTimeSystem', 'config'],
  ['SnmpSystem', 'config'],
  ['OptionManager', 'config'],
  ['LocalAccountManager', 'user'],
  ['AuthorizationManager', 'role'],
  ['LicenseManager', 'license'],
  ['CertificateManager', 'credential'],
  ['vm.Snapshot', 'machine'],
  ['VirtualMachineSnapshot', 'machine'],
  ['dvs.', 'switch'],
];

/** `name`: class and method, `VirtualMachine.powerOn`, with or without `vim.` before and `_Task` behind. */
export function taskOperation(name: string): TaskOperation {
  const clean = (name.startsWith('vim.') ? name.slice(4) : name).replace(/_Task$/, '');
  const dot = clean.lastIndexOf('.');
  const method = clean.slice(dot + 1);
  const type = clean.slice(0, Math.max(0, dot));
  const ownClass = type.slice(type.lastIndexOf('.') + 1);
  if (type.startsWith('EsxCLI')) return esxcliOperation(type.slice(7), method);
  const guest = type.startsWith('vm.guest') ? guestAction(method) : undefined;
  if (guest !== undefined) return { action: guest, kind: 'machine', isMapped: true };
  const found =
    BY_METHOD.get(clean.toLowerCase()) ??
    BY_METHOD.get(`${ownClass}.${method}`.toLowerCase()) ??
    BY_METHOD.get(method.toLowerCase());
  const kind = kindOfObject(ownClass) ?? CLASS_KINDS.find(([part]) => type.includes(part))?.[1];
  if (found !== undefined) return { kind, ...found };
  // Looking at something is that of whatever class; what is made or removed, the class has to tell.
  const verb = VERBS.find(
    ([pattern, action]) => (kind !== undefined || action === 'read') && pattern.test(method),
  );
  return verb === undefined
    ? { action: 'unknown', kind, isMapped: false }
    : { action: verb[1], kind, isMapped: true };
}
