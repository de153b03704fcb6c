/** Events of vCenter's inventory that tell a state, and failures of single steps; the rest of event-table.ts. */
import type { TargetKind } from './target-kinds.ts';

/** As EVENT_TABLE (event-table.ts). */
export const STATE_EVENT_TABLE: readonly (readonly [string, TargetKind | '', string])[] = [
  ['monitor', 'machine', 'VmConnected~ VmDisconnected~'],
  [
    'monitor',
    'node',
    'HostCnxFailed!~ HostCnxFailedAccountFailed!~ HostCnxFailedAlreadyManaged!~ HostCnxFailedBadCcagent!~ HostCnxFailedBadUsername!~ HostCnxFailedBadVersion!~ HostCnxFailedCcagentUpgrade!~ HostCnxFailedNetworkError!~ HostCnxFailedNoAccess!~ HostCnxFailedNoConnection!~ HostCnxFailedNoLicense!~ HostCnxFailedNotFound!~ HostCnxFailedTimeout!~',
  ],
  [
    'update',
    'machine',
    'VmStartRecording VmEndRecording VmStartReplaying VmEndReplaying VmSecondaryDisabledBySystem@',
  ],
  [
    'update',
    'machine',
    'vim.vm.CryptoPauseFailed! vim.vm.CryptoResumeFailed! vim.vm.DiskCryptoResumeFailed! vc.vm.bipe.cryptoResumeError! vc.vm.bipe.sendKeysError! vc.vm.bipe.invalidCrypto! vc.vm.bipe.licensePrivCheckError! vc.vm.crypto.NoDiskSpace!',
  ],
  ['update', 'machine', 'vc.HA.AnsweredVmLockLostQuestion@ vc.HA.AnsweredVmTerminatePDL@'],
  ['stop', 'machine', 'vim.vm.reboot.powerOff'],
  [
    'start',
    'machine',
    'vc.ovfconsumers.PowerOnAfterCloneError! vc.HA.StartFTSecondarySucceeded@ vc.HA.StartFTSecondaryFailed!@',
  ],
  ['start/reset', 'machine', 'vc.HA.VmDasResetAborted!@'],
  ['create/clone', 'machine', 'vc.VmCloneRestart? vc.ovfconsumers.CloneOvfConsumerStateError!'],
  ['update/migrate', 'machine', 'MigrationError! MigrationHostError! MigrationResourceError!'],
  ['read', 'machine', 'vc.ovfconsumers.GetOvfEnvironmentSectionsError! vc.ovfconsumers.ValidateOstError!'],
  ['deploy/register', '', 'vc.ovfconsumers.RegisterEntityError!'],
  ['undeploy/unregister', '', 'vc.ovfconsumers.UnregisterEntitiesError!'],
  ['start', 'node', 'vc.host.HostBootedFromStatelessCache IScsiBootFailure!'],
  [
    'update',
    'node',
    'UpdatedAgentBeingRestarted? HostReconnectionFailed! HostSubSpecificationUpdate HostSubSpecificationDelete HostLocalPortCreated',
  ],
  [
    'configure',
    'node',
    'DrsResourceConfigureFailed! vc.host.AutoStartReconfigureFailed! vc.host.StatelessHPApplyFailed! vc.host.StatelessHPApplyEarlyBootFailed! vc.host.StatelessHPApplyPostBootFailed! vc.host.vFlash.VFlashResourceConfigured vc.host.vFlash.VFlashResourceRemoved vc.host.vFlash.defaultModuleChanged vc.vflash.SsdConfigurationFailed! vc.SgxRegistration.InitiatingRegistration? vc.SgxRegistration.SuccessfulRegistration vc.SgxRegistration.FailedRegistration!',
  ],
  ['enable', 'node', 'vc.proactivehdw.Enabled'],
  ['disable', 'node', 'vc.proactivehdw.Disabled'],
  ['restore', 'network', 'NetworkRollback Rollback Recovery'],
  ['update', 'cluster', 'vc.clusterstore.AddHostFailed! vc.clusterstore.RemoveHostFailed!'],
  [
    'update',
    'volume',
    'vc.datastore.UpdatingVmFiles? vc.datastore.UpdatedVmFiles vc.datastore.UpdateVmFilesFailed! vc.sdrs.StorageDrsRecommendationApplied',
  ],
  ['update', 'role', 'vc.FailedToApplyPermissions!'],
  ['enable', '', 'vc.authorization.MethodEnabled'],
  ['configure', 'policy', 'vc.spbm.ServiceError!'],
  ['update', '', 'vc.spbm.ProfileAssociationFailed! ErrorUpgrade!'],
  ['update', 'license', 'LicenseDowngraded'],
  ['receive', 'license', 'license.DLFDownloadFailed!'],
  ['create', 'key', 'vc.kms.crypto.KeyGenerateFail!'],
  ['renew', 'key', 'vc.vm.crypto.RekeyFail! vc.crypto.HostKeyUpdated'],
  [
    'send',
    'key',
    'vc.host.Crypto.SendKeyError.HostError! vc.kms.crypto.SendKeyError.KMSClusterError! vc.kms.crypto.SendKeyError.KeyMissingOnKMS!',
  ],
  [
    'renew',
    'credential',
    'vc.certificatemanagement.CPVMCertificateUpdateFailed! vc.certificatemanagement.SphereletCertificateUpdateFailed!',
  ],
  ['notify', 'credential', 'vc.certificatemanagement.NSXNotifyFailure!'],
  [
    'notify',
    '',
    'DasAgentFound# DasHostFailed# DatastoreDuplicated# DrsInvocationFailed# DrsRecoveredFromFailure# HostNotInCluster# HostSpecificationRequire# HostUserWorldSwapNotEnabled# HostVnicConnectedToCustomizedDVPort# IncorrectHostInformation# InfoUpgrade# InvalidEdition# LockerMisconfigured# NetCompressionOkForServer# NoLicense# VmDasUpdateOk# VmDasUpdateError# VmDateRolledBack# VmNoCompatibleHostForSecondary# VmRequirementsExceedCurrentEVCMode# license.HostLicenseEditionNotAllowed# vc.HostTpmConfigEncryption# vc.OperationCleanupErrors# vc.TrustAuthority.DecommissionHost# vc.TrustAuthority.HostNotConfigured# vc.TrustAuthority.StsCertificatesChange# vc.VmDiskConsolidationNeeded# vc.VmDiskConsolidationNoLongerNeeded# vc.host.Crypto.HostKey.NewKey.KMSClusterError# vc.host.Crypto.ReqEnable.KMSClusterError# vc.host.TPMAttestationFailed# vc.host.vFlash.modulesLoaded# vc.vm.Crypto.VMLocked.KMSClusterError# vc.vm.Crypto.VMLocked.TAKMSClusterUnavaliable# vc.vm.Crypto.VMUnlocked# vc.vm.Uptv2Active# vc.vm.Uptv2Inactive# vc.vm.VmSyncingWithEncryption# vc.vm.crypto.DiskchainUsingMixedKeys# vim.vm.DisksNotLoaded# vim.vm.LiveEncryptionPaused# vim.vm.SnapshotNotAllowed# vsphere.client.security.ConnectivityCheck#',
  ],
];
