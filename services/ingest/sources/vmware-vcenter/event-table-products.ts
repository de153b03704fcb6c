/** Events of what runs beside vCenter's own inventory: replication, recovery, updates, agents, registries, vSAN. */
import type { TargetKind } from './target-kinds.ts';

/** As EVENT_TABLE (event-table.ts). */
export const PRODUCT_EVENT_TABLE: readonly (readonly [string, TargetKind | '', string])[] = [
  // Data protection of machines: each step is told at its beginning, its end, its failure.
  [
    'enable',
    'machine',
    'dp.events.protect? dp.events.protectdone dp.events.protectfailed! vcDr.VmAutoprotect vcDr.VmAutoprotectError!',
  ],
  ['disable', 'machine', 'dp.events.unprotect? dp.events.unprotectdone dp.events.unprotectfailed!'],
  [
    'enable',
    'cluster',
    'dp.events.enableprotectionservices? dp.events.enableprotectionservicesdone dp.events.enableprotectionservicesfailed! wcp.ClusterModel.create?',
  ],
  ['disable', 'cluster', 'wcp.ClusterModel.disable'],
  [
    'capture',
    'machine',
    'dp.events.snapshot? dp.events.snapshot.applicationconsistent? dp.events.snapshot.crashconsistent? dp.events.snapshot.metadataonly? dp.events.snapshot.vssappconsistent? dp.events.snapshotdone dp.events.snapshotdone.applicationconsistent dp.events.snapshotdone.crashconsistent dp.events.snapshotdone.metadataonly dp.events.snapshotdone.vssappconsistent dp.events.snapshotfailed! dp.events.snapshotfailed.applicationconsistent! dp.events.snapshotfailed.crashconsistent! dp.events.snapshotfailed.metadataonly! dp.events.snapshotfailed.vssappconsistent! dp.events.sync? dp.events.syncdone dp.events.syncfailed!',
  ],
  [
    'delete/snapshot',
    'machine',
    'dp.events.retiresnapshot? dp.events.retiresnapshotdone dp.events.retiresnapshotfailed! dp.events.cancelsnapshot? dp.events.cancelsnapshotdone dp.events.cancelsnapshotfailed!',
  ],
  [
    'restore',
    'machine',
    'dp.events.preparerestore? dp.events.preparerestoredone dp.events.preparerestorefailed! dp.events.commitrestore? dp.events.commitrestoredone dp.events.commitrestorefailed! vcDr.RecoveryVmBegin? vcDr.RecoveryVmEnd vcHms.vmRecovered vcIntegrity.VmDevicesRestoreFailed! vcIntegrity.VmPowerRestoreFailed!',
  ],
  [
    'read',
    'machine',
    'dp.events.queryprotectedentityinfo? dp.events.queryprotectedentityinfodone dp.events.queryprotectedentityinfofailed!',
  ],

  // Site recovery and replication.
  ['enable', '', 'vcDr.AutomaticProtectionOn vcDr.AutoprotectEnabledPg vcDr.AutoprotectEnabledRp'],
  ['disable', '', 'vcDr.AutomaticProtectionOff vcDr.AutoprotectDisabledPg vcDr.AutoprotectDisabledRp'],
  ['update/attach', 'machine', 'vcDr.HbrGroupVmAssociated'],
  ['update/detach', 'machine', 'vcDr.HbrGroupVmDisassociated'],
  ['configure', 'volume', 'vcDr.PhDatastoreAdded vc.sdrs.ConfiguredStorageDrsOnPod'],
  ['create', 'machine', 'vcDr.PholderVmFromOldProdVm'],
  [
    'delete',
    'machine',
    'vcDr.PholderVmRemoveFailed! vcDr.PholderVmUnexpectDelete vcDr.ProductionVmDeleted vim.eam.agent.task.deleteVm',
  ],
  ['deploy/register', 'machine', 'vcDr.RecoveryVmRegisterFailed!'],
  [
    'create',
    'config',
    'vcDr.ProtGroupCreated vcDr.ProtVmCreated vcDr.RemoteSiteCreated vcDr.SAManagerAdded vim.eam.agency.create vc.proactivehdw.registration.NewRegistration',
  ],
  [
    'update',
    'config',
    'vcDr.ProtGroupReconfig vcDr.ProtVmReconfigRecoLoc vcDr.SAManagerReconfig vim.eam.agency.updated vim.eam.agency.goalstate vc.proactivehdw.registration.UpdateSuccess',
  ],
  [
    'delete',
    'config',
    'vcDr.ProtGroupRemoved vcDr.ProtVmRemoved vcDr.RemoteSiteDeleted vcDr.SAManagerRemoved vim.eam.agency.destroyed vc.proactivehdw.HsmUnregistration',
  ],
  ['enable', 'config', 'vcDr.SAPairEnabled'],
  ['disable', 'config', 'vcDr.SAPairDisabled'],
  ['update', 'package', 'vcDr.StorageAdaptChange'],
  [
    'start',
    'task',
    'vcDr.PlanServerCommandBegin? vcDr.PlanServerCommandEnd vcDr.PlanVmCommandBegin? vcDr.PlanVmCommandEnd',
  ],
  ['update', 'task', 'vcDr.PlanPromptResponse'],
  [
    'notify',
    '',
    'vcDr.PlanPromptDisplay# vcDr.ClockSkew# vcDr.CpuOverUtilized# vcDr.LowDiskSpace# vcDr.LowMemory# vcDr.LocalHmsConnectionDown# vcDr.LocalHmsConnectionUp# vcDr.LocalHmsPingFailed# vcDr.LocalQsConnectionDown# vcDr.LocalQsConnectionUp# vcDr.LocalQsPingFailed# vcDr.ProductionVmInvalid# vcDr.RemoteSiteDown# vcDr.RemoteSiteUp# vcDr.RemoteSitePingFailed# vcDr.SAManagerPingFail# vcDr.SAManagerPingOk# vcDr.SAPairDiscovered# vcDr.SAPairPingFail# vcDr.SAPairPingOk# vcDr.SPCgProtIssue# vcDr.SPCgSpansProtGroups# vcDr.SPDsReplicationLost# vcDr.SPDsSpansConsistGroups# vcDr.SPGroupProtRestored# vcDr.SPVmDiscovered# vcDr.SPVmDsReplicationLost# vcDr.SPVmLost# vcDr.SPVmProtRestored# vcDr.SpCgProtRestored# vcDr.SrmCertificateNotValid# vcDr.StorageAdaptLoad# vcDr.StorageAdaptReloadFail# vcDr.StorageDsDiscovered# vcDr.StorageDsLost# vcDr.StorageRdmDiscovered# vcDr.StorageRdmLost# vcDr.VmEligibleForProtection# vcDr.VmFullyProtected# vcDr.VmNotFullyProtected# vcDr.VvolGroupError# vcDr.VvolVmError# vcDr.LicenseUsageChanged#',
  ],
  [
    'configure',
    'machine',
    'vcHms.replicationConfigured vcHms.replicationUnconfigured vcHms.replicationCleanedUp vcHms.vmReplicationConfigurationRemoved hbr.primary.VmReplicationConfigurationChanged',
  ],
  [
    'configure',
    'network',
    'vcHms.hbrReverseTunnelConfigured vcHms.hbrReverseTunnelConfigurationFailed! vcHms.hbrReverseTunnelUnconfigured vcHms.hbrReverseTunnelUnconfigurationFailed! vcHms.hbrTunnelConfigured vcHms.hbrTunnelConfigurationFailed! vcHms.hbrTunnelUnconfigured vcHms.hbrTunnelUnconfigurationFailed!',
  ],
  ['configure', 'node', 'vcHms.hostConfiguredForHbr vcHms.hostUnconfiguredForHbr'],
  ['renew', 'credential', 'hcx.interconnect.passwordRotated'],

  // Agents and services on hosts.
  ['create/agent', 'node', 'vim.eam.agent.created'],
  ['delete/agent', 'node', 'vim.eam.agent.destroyed vim.eam.agent.destroyedNoHost'],
  ['deploy', 'machine', 'vim.eam.agent.task.deployVm'],
  ['start', 'machine', 'vim.eam.agent.task.powerOnVm'],
  ['stop', 'machine', 'vim.eam.agent.task.powerOffVm'],
  ['create', 'package', 'vim.eam.agent.task.vibInstalled'],
  ['delete', 'package', 'vim.eam.agent.task.vibUninstalled'],
  ['authenticate/login', 'service', 'vim.eam.login.succeeded vim.eam.login.invalid!'],
  ['authenticate/logout', 'service', 'vim.eam.logout'],
  ['deny', 'service', 'vim.eam.unauthorized.access+'],
  [
    'notify',
    '',
    'vim.eam.agency.statusChanged# vim.eam.agent.statusChanged# vim.utf8filter.badvalue# vim.dpu.down# vim.dpu.removed# vim.dpu.state.changed#',
  ],
  ['update/attach', '', 'vim.vsm.dependency.bind.vApp vim.vsm.dependency.bind.vm'],
  ['update/detach', '', 'vim.vsm.dependency.unbind.vApp vim.vsm.dependency.unbind.vm'],
  [
    'update',
    '',
    'vim.vsm.dependency.create.vApp vim.vsm.dependency.create.vm vim.vsm.dependency.destroy.vApp vim.vsm.dependency.destroy.vm vim.vsm.dependency.reconfigure.vApp vim.vsm.dependency.reconfigure.vm vim.vsm.dependency.update.vApp vim.vsm.dependency.update.vm',
  ],
  ['deploy/register', 'unnamed', 'vim.vsm.provider.register'],
  ['undeploy/unregister', 'unnamed', 'vim.vsm.provider.unregister'],
  ['update', 'unnamed', 'vim.vsm.provider.update'],

  // Registries, templates of the content library, namespaces, policies.
  [
    'create',
    'library',
    'registry.HarborCreate registry.HarborCreateFail! registry.HarborProjectCreate registry.HarborProjectCreateFail! vmtx.LibraryItemCreate vmtx.LibraryItemCreateFail!',
  ],
  [
    'delete',
    'library',
    'registry.HarborDelete registry.HarborDeleteFail! registry.HarborProjectDelete registry.HarborProjectDeleteFail! registry.HarborProjectPurge registry.HarborProjectPurgeFail! vmtx.LibraryItemDeleteVersion vmtx.LibraryItemDeleteVersionFail!',
  ],
  [
    'update/add-member',
    'library',
    'registry.HarborProjectMemberCreate registry.HarborProjectMemberCreateFail!',
  ],
  [
    'update/remove-member',
    'library',
    'registry.HarborProjectMemberDelete registry.HarborProjectMemberDeleteFail!',
  ],
  [
    'update',
    'library',
    'registry.HarborProjectMemberUpdate registry.HarborProjectMemberUpdateFail! vmtx.LibraryItemCheckIn vmtx.LibraryItemCheckInFail!',
  ],
  [
    'restore',
    'library',
    'registry.HarborRestore? registry.HarborRestoreFail! registry.HarborRestoreSuccess vmtx.LibraryItemRollback vmtx.LibraryItemRollbackFail!',
  ],
  ['create', 'machine', 'vmtx.LibraryItemCheckOut vmtx.LibraryItemCheckOutFail!'],
  [
    'delete',
    'machine',
    'vmtx.LibraryItemCheckOutDelete vmtx.LibraryItemCheckOutDeleteFail! vmtx.LibraryItemTemplateDeleted vmtx.LibraryItemTemplateLatestVersionDeleted vmtx.LibraryItemTemplatePreviousVersionDeleted',
  ],
  ['deploy', 'machine', 'vmtx.LibraryItemDeploy vmtx.LibraryItemDeployFail!'],
  ['update', 'machine', 'vmtx.LibraryItemTemplateConverted vmtx.LibraryItemTemplateRenamed'],
  ['notify', '', 'vmtx.LibraryItemTemplateConvertedOnRestore# vmtx.LibraryItemTemplateDeletedOnRestore#'],
  ['create', 'namespace', 'wcp.WorkloadModel.create'],
  ['delete', 'namespace', 'wcp.WorkloadModel.delete'],
  ['notify', '', 'wcp.Datastore.accessible# wcp.Datastore.inaccessible#'],
  ['create', 'policy', 'vcenter.compute.policies.create'],
  ['delete', 'policy', 'vcenter.compute.policies.delete'],

  // High availability of vCenter itself, cluster services.
  ['configure', 'service', 'vcha.cluster.mode.changed'],
  ['enable', 'service', 'vcha.cluster.modeEnableFailed!'],
  ['delete', 'cluster', 'vcha.cluster.state.destroyed'],
  [
    'monitor',
    'service',
    'vcha.failover.succeeded~ vcha.failover.failed.disabled.mode!~ vcha.failover.failed.node.lost!~ vcha.failover.failed.passive.not.ready!~ vcha.failover.flush.failed.degraded!~ vcha.failover.flush.failed.healthy!~ vcha.failover.flush.failed.unknown!~ vcha.force.reset.active~ vcha.node.joined~ vcha.node.left~',
  ],
  [
    'notify',
    'service',
    'vcha.DB.replication.state.changed# vcha.file.replication.state.changed# vcha.cluster.quorumNotCloned# vcha.cluster.sshConnectFailed# vcha.cluster.state.degraded# vcha.cluster.state.healthy# vcha.cluster.state.isolated# vcha.psc.ha.health.degraded# vcha.psc.ha.health.healthy# vcha.psc.ha.health.unknown# vcha.vmdir.health.degraded# vcha.vmdir.health.healthy# vcha.vmdir.health.unknown#',
  ],
  ['configure', 'cluster', 'vcls.cluster.DeploymentModeSystemManaged'],
  [
    'notify',
    'cluster',
    'vcls.cluster.DrsDisabledHaDisabledDeploymentModeAbsent# vcls.cluster.DrsEnabledDeployModeAbsent# vcls.cluster.DrsEnabledVsanProviderWaiting# vcls.cluster.HaEnabledDrsDisabledDeploymentModeAbsent# vcls.cluster.HaEnabledVsanProviderWaiting# vcls.cluster.VsanProviderTimedout#',
  ],

  // vSAN, first-class disks, storage providers.
  ['update/attach', 'cluster', 'vsan.clusterconfig.events.witnessadditiondone'],
  ['update/detach', 'cluster', 'vsan.clusterconfig.events.witnessremovaldone'],
  [
    'update',
    'cluster',
    'vsan.diskconversion.events.adddisks? vsan.diskconversion.events.addfail! vsan.diskconversion.events.removedisks? vsan.diskconversion.events.removefail! vsan.diskconversion.events.formatdone vsan.diskconversion.events.formathostdone vsan.diskconversion.events.objectdone vsan.diskconversion.events.objecterror! vsan.diskconversion.events.migrationfail! vsan.diskconversion.events.syncingtimeout!',
  ],
  ['configure', 'cluster', 'vsan.diskconversion.events.updatesetting?'],
  ['restore', 'cluster', 'vsan.diskconversion.events.restore?'],
  [
    'read',
    'cluster',
    'vsan.diskconversion.events.objectcheck? vsan.diskconversion.events.statuscheck? vsan.diskconversion.events.whatifupgradefailed!',
  ],
  ['notify', 'cluster', 'vsan.diskconversion.events.noneed# vsan.diskconversion.events.skiphost#'],
  [
    'update',
    '',
    'vsan.diskmgmt.events.tagcapacityflash vsan.diskmgmt.events.untagcapacityflash vsan.diskmgmt.events.taghdd vsan.diskmgmt.events.tagssd vsan.diskmgmt.events.taglocal',
  ],
  ['delete', 'volume', 'vslm.DeleteStaleDiskFailure!'],
  ['deploy/register', 'volume', 'vslm.RegisterDiskFailed!'],
  ['undeploy/unregister', 'volume', 'vslm.UnRegisterDiskFailed!'],
  ['update/detach', 'volume', 'vc.VMCStorage.DatastoreUnmountFailed!'],
  [
    'create',
    'credential',
    'vc.sms.EsxiVasaClientCertificateProvisionSuccess vc.sms.EsxiVasaClientCertificateProvisionFailure! rbd.vmcaCertGenerationFailure!',
  ],
  ['renew', 'credential', 'vc.sms.VasaProviderCertificateRenewal'],
  [
    'deploy/register',
    'unnamed',
    'vc.iofilter.HostVendorProviderRegistrationFailed! vc.iofilter.HostVendorProviderRegistrationSuccess vc.vsan.HostVendorProviderRegistrationFailed! vc.vsan.HostVendorProviderRegistrationSuccess',
  ],
  [
    'undeploy/unregister',
    'unnamed',
    'vc.iofilter.HostVendorProviderUnregistrationFailed! vc.iofilter.HostVendorProviderUnregistrationSuccess vc.vsan.HostVendorProviderDeregistrationFailed! vc.vsan.HostVendorProviderDeregistrationSuccess',
  ],
  [
    'create',
    'package',
    'vc.iofilter.FilterInstallationSuccess vc.iofilter.FilterInstallationFailed! vc.host.NsxInstallSuccess vc.host.NsxInstallFailed!',
  ],
  ['delete', 'package', 'vc.iofilter.FilterUninstallationSuccess vc.iofilter.FilterUninstallationFailed!'],
  ['update', 'package', 'vc.iofilter.FilterUpgradeSuccess vc.iofilter.FilterUpgradeFailed!'],
  ['notify', '', 'vc.iofilter.UntrustedCertificate#'],

  // Automatic deployment of hosts.
  ['enable', 'config', 'rbd.activateRuleSet'],
  ['update/attach', 'node', 'rbd.hostProfileRuleAssoc rbd.pxeProfileAssoc rbd.scriptBundleAssoc'],
  ['notify', 'node', 'rbd.ignoreMachineIdentity# rbd.pxeBootNoImageRule# rbd.pxeBootUnknownHost#'],
];
