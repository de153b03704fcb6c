/**
 * Names of vCenter's events and what they mean (vSphere Web Services API, data objects that extend Event; ids of
 * EventEx and ExtendedEvent as vCenter lists them). What is not in the table goes by the rules of derived-names.ts.
 */
import { derivedOperation } from './derived-names.ts';
import { esxAuditOperation } from './esx-audit.ts';
import { outcomeOfName } from './operation.ts';
import type { Operation } from './operation.ts';
import type { TargetKind } from './target-kinds.ts';

/**
 * Action, what it is about, names without `com.vmware.` and `Event`. A mark behind a name says what the name does not:
 * `!` failure, `?` pending, `+` success, `~` a state without an actor, `#` noise, `@` the product on its own.
 */
const TABLE: readonly (readonly [string, TargetKind | '', string])[] = [
  [
    'authenticate/login',
    'service',
    'UserLoginSession AlreadyAuthenticatedSession BadUsernameSession! NoAccessUser! sso.LoginSuccess sso.LoginFailure! vsphere.client.security.LoginConnectivityCheck',
  ],
  ['authenticate/logout', 'service', 'UserLogoutSession sso.Logout'],
  ['authenticate/logout', 'user', 'SessionTerminated'],
  ['deny', '', 'vc.authorization.NoPermission+'],
  [
    'start',
    'machine',
    'VmStarting? VmPoweredOn DrsVmPoweredOn VmFailedToPowerOn! NotEnoughResourcesToStartVm! VmPoweringOnWithCustomizedDVPort# VmUnsupportedStarting? VmRestartedOnAlternateHost vc.ha.VmRestartedByHA vc.HA.FailedRestartAfterIsolation! vc.vcp.VmRestart vc.vcp.VmRestartFailed! vc.vm.PowerOnAfterCloneError! vc.host.AutoStartPowerOnFailed! VmStartingSecondary? VmSecondaryStarted VmFailedStartingSecondary! VmTimedoutStartingSecondary!',
  ],
  ['start/resume', 'machine', 'VmResuming? VmResumed'],
  [
    'start/reset',
    'machine',
    'VmResetting? VmReset VmFailedToReset! VmDasBeingReset? VmDasBeingResetWithScreenshot? VmDasResetFailed!',
  ],
  ['start/reboot', 'machine', 'VmGuestReboot VmFailedToRebootGuest!'],
  [
    'stop',
    'machine',
    'VmStopping? VmPoweredOff VmFailedToPowerOff! VmPowerOffOnIsolation vc.vm.VmTerminate vc.vm.VmTerminateFailed! VmFaultToleranceVmTerminated vc.HA.VmcpTerminatingVm? vc.HA.VmcpTerminateVmAborted!',
  ],
  ['stop/suspend', 'machine', 'VmSuspending? VmSuspended VmFailedToSuspend!'],
  ['stop/shutdown', 'machine', 'VmGuestShutdown VmFailedToShutdownGuest! VmShutdownOnIsolation'],
  ['stop/pause', 'machine', 'VmGuestStandby VmFailedToStandbyGuest!'],
  ['stop/crash', 'machine', 'VmGuestOSCrashed!~ VmDiskFailed!~'],
  ['create', 'machine', 'VmBeingCreated? VmCreated vc.VmCreateFailed! vcDr.PholderVmCreated'],
  [
    'create/clone',
    'machine',
    'VmBeingCloned? VmBeingClonedNoFolder? VmCloned VmCloneFailed! vc.VmBeginInstantClone? vc.VmInstantCloned vc.VmInstantCloneFailed! vc.VmInstantCloneWarning vc.vm.DstVmCloned vc.vm.SrcVmCloned vc.vm.SrcVmCloneFailed! vc.vm.SrcVmForkFailed! vc.VmCloneFailedInvalidDestination! vc.VmCloneToResourcePoolFailed! vc.VmForkFailedInvalidDestination!',
  ],
  ['deploy', 'machine', 'VmBeingDeployed? VmDeployed VmDeployFailed! ovfs.Deploy ovfs.DeployFail!'],
  ['read/export', 'machine', 'ovfs.Export ovfs.ExportFail!'],
  ['deploy/register', 'machine', 'VmRegistered VmDiscovered vc.vm.VmRegisterFailed!'],
  ['delete', 'machine', 'VmRemoved'],
  [
    'update',
    'machine',
    'VmReconfigured VmRenamed VmAutoRename VmResourceReallocated VmResourcePoolMoved VmMacChanged VmMacAssigned VmUuidChanged VmUuidAssigned VmInstanceUuidChanged VmInstanceUuidAssigned VmWwnChanged VmWwnAssigned VmUpgradeComplete VmUpgrading? VmUpgradeFailed! vc.vm.VmConvertedToTemplate vc.vm.TemplateConvertedToVm VmReloadFromPath VmReloadFromPathFailed! vc.vm.VmReconfigureFailedonSharedDisk! vc.vm.VmDisksPromoted vc.vm.VmDisksPromoting? vc.vm.VmPromoteDisksFailed! VmSecondaryAdded VmSecondaryEnabled VmSecondaryDisabled VmFaultToleranceTurnedOff VmFailedUpdatingSecondaryConfig!',
  ],
  [
    'update',
    '',
    'CustomFieldValueChanged TemplateUpgrade? TemplateBeingUpgraded? TemplateUpgraded TemplateUpgradeFailed!',
  ],
  ['update/attach', '', 'cis.tagging.attach'],
  ['update/detach', '', 'cis.tagging.detach'],
  [
    'update/migrate',
    'machine',
    'VmBeingHotMigrated? VmBeingMigrated? VmBeingRelocated? VmMigrated VmRelocated DrsVmMigrated VmEmigrating? VmFailedMigrate! VmRelocateFailed! vc.vm.SrcVmMigrated vc.vm.DstVmMigrated vc.vm.SrcVmMigrateFailed! vc.vm.VmHotMigratingWithEncryption? vc.vm.VmMigratingWithEncryption? vc.sdrs.StorageDrsStorageMigration? vcDr.MigrateVmBegin? vcDr.MigrateVmDone vcDr.MigrateVmFail!',
  ],
  ['restore', 'machine', 'vc.vm.VmStateRevertedToSnapshot vc.vm.VmStateFailedToRevertToSnapshot!'],
  [
    'delete/snapshot',
    'machine',
    'vc.VmDiskConsolidated VmDiskConsolidated vc.VmDiskFailedToConsolidate! VmDiskFailedToConsolidate!',
  ],
  ['read/console', 'machine', 'VmAcquiredMksTicket VmAcquiredTicket VmRemoteConsoleConnected'],
  ['read/console/close', 'machine', 'VmRemoteConsoleDisconnected'],
  ['start/guest-operation', 'machine', 'vc.guestOperations.GuestOperation'],
  ['authenticate/login', 'machine', 'vc.guestOperations.GuestOperationAuthFailure!'],
  ['notify', 'machine', 'VmMessage VmMessageWarning VmMessageError'],
  [
    'update',
    'machine',
    'Customization? CustomizationStarted? CustomizationSucceeded CustomizationFailed! CustomizationLinuxIdentityFailed! CustomizationNetworkSetupFailed! CustomizationSysprepFailed! CustomizationUnknownFailure!',
  ],
  ['create', 'node', 'HostAdded HostAddFailed!'],
  ['delete', 'node', 'HostRemoved'],
  ['monitor', 'node', 'HostConnectionLost~ HostConnected~ HostDisconnected~'],
  [
    'enable',
    'node',
    'ExitMaintenanceMode ExitedStandbyMode ExitingStandbyMode? DrsExitedStandbyMode DrsExitingStandbyMode? ExitStandbyModeFailed! DrsExitStandbyModeFailed! HostAdminEnable HostEnableAdminFailed!',
  ],
  [
    'disable',
    'node',
    'EnteringMaintenanceMode? EnteredMaintenanceMode EnteringStandbyMode? EnteredStandbyMode DrsEnteringStandbyMode? DrsEnteredStandbyMode HostAdminDisable',
  ],
  [
    'disable',
    'volume',
    'vc.sdrs.DatastoreEnteringMaintenanceMode? vc.sdrs.DatastoreEnteredMaintenanceMode vc.sdrs.DatastoreMaintenanceModeErrors!',
  ],
  ['enable', 'volume', 'vc.sdrs.DatastoreExitedMaintenanceMode vc.sdrs.CanceledDatastoreMaintenanceMode'],
  ['unknown', 'node', 'CanceledHostOperation! TimedOutHostOperation!'],
  ['stop', 'node', 'HostShutdown'],
  ['enable', 'node', 'LocalTSMEnabled RemoteTSMEnabled'],
  ['notify', 'node', 'AdminPasswordNotChanged'],
  [
    'configure',
    'node',
    'HostProfileApplied HostConfigApplied DatastorePrincipalConfigured HostIpChanged LockerReconfigured vc.host.HPOperationFailed! vc.host.Crypto.Enabled vc.host.Crypto.HostCryptoDisabled',
  ],
  ['update', 'node', 'VcAgentUpgraded VcAgentUpgradeFailed! HostUpgradeFailed!'],
  ['delete/agent', 'node', 'VcAgentUninstalled VcAgentUninstallFailed!'],
  ['create', 'user', 'AccountCreated'],
  ['update', 'user', 'AccountUpdated UserPasswordChanged'],
  ['delete', 'user', 'AccountRemoved'],
  ['renew', 'user', 'VimAccountPasswordChanged@'],
  ['update/add-member', 'group', 'UserAssignedToGroup'],
  ['update/remove-member', 'group', 'UserUnassignedFromGroup'],
  ['create', 'role', 'RoleAdded'],
  ['update', 'role', 'RoleUpdated PermissionUpdated sso.RoleManagement vcDr.PermissionsUpdated'],
  ['delete', 'role', 'RoleRemoved'],
  ['allow', 'role', 'PermissionAdded cis.CreatePermission cis.CreateGlobalPermission vcDr.PermissionsAdded'],
  [
    'revoke',
    'role',
    'PermissionRemoved cis.RemovePermission cis.RemoveGlobalPermission vcDr.PermissionsDeleted',
  ],
  ['update', 'user', 'sso.PrincipalManagement'],
  ['configure', 'policy', 'sso.PasswordPolicy sso.LockoutPolicy'],
  [
    'configure',
    'service',
    'sso.IdentitySourceManagement sso.ConfigurationManagement sso.DomainManagement sso.SystemManagement sso.SmtpConfiguration',
  ],
  ['configure', 'credential', 'sso.CertificateManager'],
  [
    'notify',
    'credential',
    'sso.LDAPCertExpiry# sso.STSCertExpiry# vc.vecs.CertExpiration# vc.system.RootPasswordExpired# vc.system.RootPasswordExpiry#',
  ],
  ['create', 'cluster', 'ClusterCreated'],
  ['delete', 'cluster', 'ClusterDestroyed'],
  ['update', 'cluster', 'ClusterReconfigured'],
  ['enable', 'cluster', 'DasEnabled DrsEnabled DasAdmissionControlEnabled vc.sdrs.StorageDrsEnabled'],
  ['disable', 'cluster', 'DasDisabled DrsDisabled DasAdmissionControlDisabled vc.sdrs.StorageDrsDisabled'],
  ['create', 'container', 'DatacenterCreated'],
  ['update', 'container', 'DatacenterRenamed'],
  ['create', 'pool', 'ResourcePoolCreated'],
  ['delete', 'pool', 'ResourcePoolDestroyed'],
  ['update', 'pool', 'ResourcePoolMoved ResourcePoolReconfigured vc.rp.ResourcePoolRenamed'],
  [
    'create',
    'volume',
    'VMFSDatastoreCreated NASDatastoreCreated LocalDatastoreCreated DatastoreDiscovered vc.sdrs.StoragePodCreated',
  ],
  [
    'update',
    'volume',
    'VMFSDatastoreExpanded VMFSDatastoreExtended DatastoreRenamed DatastoreRenamedOnHost DatastoreCapacityIncreased DatastoreIORMReconfigured',
  ],
  ['delete', 'volume', 'DatastoreDestroyed DatastoreRemovedOnHost vc.sdrs.StoragePodDestroyed'],
  ['create', 'file', 'DatastoreFileCopied DatastoreFileUpload'],
  ['update', 'file', 'DatastoreFileMoved'],
  ['delete', 'file', 'DatastoreFileDeleted'],
  ['read/export', 'file', 'DatastoreFileDownload'],
  ['create', 'portgroup', 'DVPortgroupCreated'],
  ['delete', 'portgroup', 'DVPortgroupDestroyed'],
  ['update', 'portgroup', 'DVPortgroupReconfigured DVPortgroupRenamed'],
  ['create', 'portgroup', 'DvpgImport'],
  ['restore', 'portgroup', 'DvpgRestore'],
  ['create', 'switch', 'DvsCreated DvsImport'],
  ['delete', 'switch', 'DvsDestroyed'],
  ['restore', 'switch', 'DvsRestore'],
  [
    'update',
    'switch',
    'DvsReconfigured DvsRenamed DvsMerged DvsUpgraded DvsUpgradeInProgress? DvsUpgradeRejected! DvsPortCreated DvsPortDeleted DvsPortReconfigured DvsPortJoinPortgroup DvsPortLeavePortgroup',
  ],
  ['update/attach', 'switch', 'DvsHostJoined DvsPortConnected'],
  ['update/detach', 'switch', 'DvsHostLeft DvsPortDisconnected'],
  ['disable', 'switch', 'DvsPortBlocked'],
  ['enable', 'switch', 'DvsPortUnblocked'],
  ['create', 'alarm', 'AlarmCreated'],
  ['update', 'alarm', 'AlarmReconfigured AlarmAcknowledged AlarmCleared'],
  ['delete', 'alarm', 'AlarmRemoved'],
  [
    'notify',
    'alarm',
    'AlarmStatusChanged# AlarmActionTriggered# AlarmEmailCompleted# AlarmEmailFailed# AlarmScriptComplete# AlarmScriptFailed# AlarmSnmpCompleted# AlarmSnmpFailed# vc.StatelessAlarmTriggered#',
  ],
  ['create', 'task', 'ScheduledTaskCreated'],
  ['update', 'task', 'ScheduledTaskReconfigured'],
  ['delete', 'task', 'ScheduledTaskRemoved'],
  ['start', 'task', 'ScheduledTaskStarted? ScheduledTaskCompleted ScheduledTaskFailed!'],
  ['notify', 'task', 'ScheduledTaskEmailCompleted# ScheduledTaskEmailFailed# TaskTimeout#'],
  ['create', 'license', 'license.AddLicense'],
  ['delete', 'license', 'license.RemoveLicense'],
  ['update/attach', 'license', 'license.AssignLicense license.LicenseAssignFailed!'],
  ['update/detach', 'license', 'license.UnassignLicense'],
  ['update', 'license', 'license.DefaultLicenseKeysUpdated'],
  ['create', 'config', 'ProfileCreated pbm.profile.create CustomFieldDefAdded'],
  ['delete', 'config', 'ProfileRemoved pbm.profile.delete CustomFieldDefRemoved'],
  [
    'update',
    'config',
    'ProfileChanged ProfileReferenceHostChanged pbm.profile.update pbm.profile.updateName CustomFieldDefRenamed GlobalMessageChanged vc.profile.AnswerFileUpdated',
  ],
  ['read/export', 'config', 'vc.profile.AnswerFileExported'],
  ['update/attach', 'config', 'ProfileAssociated pbm.profile.associate'],
  ['update/detach', 'config', 'ProfileDissociated pbm.profile.dissociate'],
  ['backup', 'service', 'applmgmt.backup.job.finished.event applmgmt.backup.job.failed.event!'],
  ['create', 'service', 'ad.event.JoinDomain ad.event.JoinDomainFailed!'],
  ['delete', 'service', 'ad.event.LeaveDomain ad.event.LeaveDomainFailed!'],
  [
    'create',
    'credential',
    'ad.event.ImportCert ad.event.ImportCertFailed! vc.certificatemanagement.TrustedRootsImported vc.certificatemanagement.TrustedRootsImportedWithWarnings',
  ],
  [
    'renew',
    'credential',
    'vc.certificatemanagement.VcCertificateReplaced vc.certificatemanagement.VcCertificateReplacedWithWarnings vc.certificatemanagement.VcServerCertificateUpdateFailure! vc.certmgr.HostCertUpdated vc.certmgr.HostCaCertsAndCrlsUpdated',
  ],
  ['revoke', 'credential', 'vc.certmgr.HostCertRevoked'],
  ['start', 'service', 'ServerStartedSession@'],
  ['unknown', '', 'GeneralUser'],
  [
    'notify',
    '',
    'General# GeneralHostInfo# GeneralHostWarning# GeneralHostError# GeneralVmInfo# GeneralVmWarning# GeneralVmError# HealthStatusChanged# vc.HardwareSensor# vc.HardwareSensorGroupStatus#',
  ],
];

const OUTCOMES = new Map([
  ['!', 'failure'],
  ['?', 'pending'],
  ['+', 'success'],
] as const);

const BY_NAME = readTable();

/** The short form of an event's name: without `vim.event.`, `com.vmware.`, the wrapper's `vsphere.….v0`, and `Event`. */
export function shortName(name: string): string {
  let short = name.startsWith('vim.event.') ? name.slice(10) : name;
  if (short.startsWith('com.vmware.vsphere.') && short.endsWith('.v0')) short = short.slice(19, -3);
  if (short.startsWith('com.vmware.')) short = short.slice(11);
  return short.endsWith('Event') ? short.slice(0, -5) : short;
}

/** What an event is, by its name: always something, `unknown` where the name does not tell for certain. */
export function operationOf(name: string): Operation {
  const short = shortName(name);
  return BY_NAME.get(short) ?? esxAuditOperation(short) ?? derivedOperation(short);
}

function readTable(): ReadonlyMap<string, Operation> {
  const table = new Map<string, Operation>();
  for (const [action, kind, names] of TABLE) {
    for (const marked of names.split(' ')) {
      const name = marked.replace(/[!?+~#@]+$/, '');
      const marks = marked.slice(name.length);
      const mark = [...OUTCOMES].find(([sign]) => marks.includes(sign));
      table.set(shortName(name), {
        action,
        ...(kind === '' ? {} : { kind }),
        outcome: mark?.[1] ?? outcomeOfName(name),
        rule: marks.includes('#') ? 'noise-event' : `event-${action.replaceAll('/', '-')}`,
        ...(marks.includes('~') ? { isState: true } : {}),
        ...(marks.includes('#') ? { isNoise: true } : {}),
        ...(marks.includes('@') ? { isAutomatic: true } : {}),
      });
    }
  }
  return table;
}
