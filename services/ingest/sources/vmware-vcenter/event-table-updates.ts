/** Events of the update manager (`com.vmware.vcIntegrity.…`). */
import type { TargetKind } from './target-kinds.ts';

/** As EVENT_TABLE (event-table.ts). */
export const UPDATE_EVENT_TABLE: readonly (readonly [string, TargetKind | '', string])[] = [
  [
    'update',
    '',
    'vcIntegrity.RemediateStart? vcIntegrity.Remediate vcIntegrity.RemediateFailed! vcIntegrity.SequentialRemediateFailed! vcIntegrity.ToolsRemediate vcIntegrity.ToolsRemediateFailed! vcIntegrity.VMHardwareUpgradeRemediate vcIntegrity.VMHardwareUpgradeRemediateFailed! vcIntegrity.InstallUpdate? vcIntegrity.InstallAddOnUpdate? vcIntegrity.InstallUpdateComplete vcIntegrity.InstallUpdateError!',
  ],
  [
    'update',
    'node',
    'vcIntegrity.HostUpdateErrorNotInstallable! vcIntegrity.HostUpdateErrorRemediateDefault! vcIntegrity.HostUpdateErrorRemediateDeviceAttached! vcIntegrity.HostUpdateErrorRemediateEnterMmode! vcIntegrity.HostUpdateErrorRemediateExitMmode! vcIntegrity.HostUpdateErrorRemediateHostReboot! vcIntegrity.HostUpdateErrorRemediateHostRebootReconnect! vcIntegrity.HostUpdateErrorRemediateHostReconnect! vcIntegrity.HostUpdateErrorRemediateHostRestoreVm! vcIntegrity.HostUpdateErrorRemediateMetadataCorrupt! vcIntegrity.HostUpdateErrorRemediateVibDownload! vcIntegrity.HostUpgradeAgentDeployFailure! vcIntegrity.HostUpgradeRunScriptFailure! vcIntegrity.RemediateDisconnectedHost! vcIntegrity.RemediateDpmDisableHost! vcIntegrity.RemediateHostInvalidPowerState! vcIntegrity.RemediateHostOnUnsupportedHost!',
  ],
  ['update', 'machine', 'vcIntegrity.RemediateDisconnectedVm! vcIntegrity.RemediateVmOnUnsupportedHost!'],
  ['update', 'cluster', 'vcIntegrity.ReconfigureClusterFailed!'],
  [
    'read',
    '',
    'vcIntegrity.ScanStart? vcIntegrity.Scan vcIntegrity.ScanFailed! vcIntegrity.ScanCancelled! vcIntegrity.ScanDisconnectedHost! vcIntegrity.ScanDisconnectedVm! vcIntegrity.ScanDpmDisableHost! vcIntegrity.ScanHostInvalidPowerState! vcIntegrity.ScanHostOnUnsupportedHost! vcIntegrity.ScanVmOnUnsupportedHost! vcIntegrity.ScanUnsupportedVolume! vcIntegrity.ToolsScan vcIntegrity.ToolsScanFailed! vcIntegrity.VMHardwareUpgradeScan vcIntegrity.VMHardwareUpgradeScanFailed! vcIntegrity.VAScan vcIntegrity.VAScanFailed! vcIntegrity.VADiscovery vcIntegrity.VADiscoveryFailed! vcIntegrity.CheckPXEBootHostFailure! vcIntegrity.VmotionCompatibilityCheckFailed!',
  ],
  ['read', 'package', 'vcIntegrity.CheckNotification vcIntegrity.CheckNotificationFailed!'],
  // Patches are copied to the host, and not yet installed.
  [
    'update/stage',
    '',
    'vcIntegrity.StageStart? vcIntegrity.Stage vcIntegrity.StageFailed! vcIntegrity.StageDisconnectedHost! vcIntegrity.StageDpmDisableHost! vcIntegrity.StageHostInvalidPowerState! vcIntegrity.StageHostOnUnsupportedHost! vcIntegrity.StageUpdate? vcIntegrity.StageUpdateComplete vcIntegrity.StageUpdateError!',
  ],
  [
    'receive',
    'package',
    'vcIntegrity.DownloadGuestPackage vcIntegrity.DownloadGuestPackageFailed! vcIntegrity.DownloadGuestUnixPackage vcIntegrity.DownloadGuestUnixPackageFailed! vcIntegrity.DownloadGuestUnixUpdate vcIntegrity.DownloadGuestUnixUpdateFailed! vcIntegrity.DownloadGuestUpdate vcIntegrity.DownloadGuestUpdateFailed! vcIntegrity.DownloadHostPackage vcIntegrity.DownloadHostPackageFailed! vcIntegrity.DownloadHostUpdate vcIntegrity.DownloadHostUpdateFailed! vcIntegrity.DownloadFailedPatchBinary! vcIntegrity.HostUpdateErrorEsxFileDownload! vcIntegrity.VADownloadSuccess vcIntegrity.VADownloadGenericFailure! vcIntegrity.VADownloadInvalidUrl! vcIntegrity.VADownloadMetadataFailure!',
  ],
  [
    'start/reboot',
    'node',
    'vcIntegrity.RebootHostStart? vcIntegrity.RebootHostWait? vcIntegrity.RebootHostComplete vcIntegrity.RebootHostError!',
  ],
  [
    'create',
    'package',
    'vcIntegrity.PackageImport vcIntegrity.PackageImportFailure! vcIntegrity.HostPatchBundleImportSuccess vcIntegrity.HostPatchBundleImportCancelled! vcIntegrity.HostPatchBundleImportUnknownError!',
  ],
  ['create/agent', 'machine', 'vcIntegrity.GAInstalled vcIntegrity.GAInstallFailed!'],
  ['update/attach', 'machine', 'vcIntegrity.GADvdMountError!'],
  ['configure', 'firewall', 'vcIntegrity.HostFirewallOpen vcIntegrity.HostFirewallClose'],
  [
    'enable',
    'machine',
    'vcIntegrity.EnableToolsRemediateOnReboot vcIntegrity.EnableToolsRemediateOnRebootFailed! vcIntegrity.SysprepEnabled',
  ],
  [
    'disable',
    'machine',
    'vcIntegrity.DisableToolsRemediateOnReboot vcIntegrity.DisableToolsRemediateOnRebootFailed! vcIntegrity.SysprepDisabled',
  ],
  ['configure', 'machine', 'vcIntegrity.SysprepHandleFailure!'],
  ['update/migrate', 'machine', 'vcIntegrity.VmMigrationFailed!'],
  ['stop', 'task', 'vcIntegrity.CancelTask'],
  [
    'notify',
    '',
    'vcIntegrity.CriticallyLowDiskSpace# vcIntegrity.LowDiskSpace# vcIntegrity.DownloadAlert# vcIntegrity.GAError# vcIntegrity.GARuntimeError# vcIntegrity.GATimeout# vcIntegrity.InstallSuggestion# vcIntegrity.InstallSuggestionNotFound# vcIntegrity.MetadataCorrupted# vcIntegrity.MetadataNotFound# vcIntegrity.PXEBootedHost# vcIntegrity.SkipSuspendedVm# vcIntegrity.SysprepNotFound# vcIntegrity.ToolsUpgradeRemediateSkippedOnHost# vcIntegrity.ToolsUpgradeScanSkippedOnHost# vcIntegrity.VMHardwareUpgradeRemediateSkippedOnHost# vcIntegrity.VMHardwareUpgradeScanSkippedOnHost# vcIntegrity.VMHardwareUpgradeToolsNotInstalled# vcIntegrity.VMHardwareUpgradeToolsNotLatest# vcIntegrity.VMHardwareUpgradeToolsUnknown# vcIntegrity.VMHardwareUpgradeToolsUnmanaged# vcIntegrity.VMToolsAutoUpgradeUnsupported# vcIntegrity.VMToolsNotRunning# vcIntegrity.VAAutoUpdateOn# vcIntegrity.VARepositoryAddressNotSet#',
  ],
];
