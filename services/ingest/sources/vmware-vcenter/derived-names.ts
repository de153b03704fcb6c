/**
 * Events without a place of their own in event-names.ts: about 2,000 ids. Health, status and statistics are noise. Where
 * the name ends in a verb, that is the action, and its object the target where the name has it; without a verb the action
 * is `unknown`, and the name says it.
 */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { outcomeOfName } from './operation.ts';
import type { Operation } from './operation.ts';
import type { TargetKind } from './target-kinds.ts';

/** Families of ids that only tell how something is. */
const NOISE_PREFIXES = [
  'vsan.health.',
  'nsx.',
  'hbr.',
  'hcx.',
  'vc.HA.',
  'vc.infraUpdateHa.',
  'vc.sms.',
  'vc.stats.',
  'vc.proactivehdw.',
  'vc.vcp.',
  'vc.vsan.',
  'vc.ft.',
  'vc.VMCStorage.',
  'vc.vmam.',
  'vc.vmdir.',
  'vc.npt.',
  'vc.dvs.',
  'vc.sioc.',
  'vc.kms.',
  'vc.vecs.',
  'vc.host.clear.',
  'vc.host.problem.',
  'vc.A8sCluster.',
  'vc.crypto.Integrity',
  'DvsPort',
  'vc.Vpxd',
  'vc.TimeSync',
  'vc.VCHealth',
  'vcHms.',
  'vc.TaHost',
  'vc.certmgr.HostCertExp',
  'HostDas',
  'HostCnxFailed',
  'cl.restore.',
  'license.vsan.',
  'vc.sdrs.',
  'vim.eam.issue.',
  'vcIntegrity.HostUpgradePrecheck',
  'vcIntegrity.HostUpgradeProgress',
  'vcIntegrity.HostSkipped',
  'vcIntegrity.Notification',
  'vcIntegrity.Unsupported',
  'vc.TrustAuthority.KMS',
];
const NOISE_WORDS =
  /Status|State(?:Changed|Change)$|Health|Green$|Yellow$|Red$|Expir|Threshold|Capacity|Conflict|Inconsistent|Incompatible|NotOk|Compliance|Compliant|Insufficient|Overcommitted|Violat|Unavailable|Available|Warning|Mismatch|MisMatch|Match$|LinkUp|LinkDown|Isolated|Unlicensed|Licensed|Restricted|Orphaned|Missing|Unreadable|Detected|Recommendation|OutOfSync|InSync|Heartbeat|Resynced|Support$|DuplicateIp|Trunked|Untrunked|Relayout|Supported|ShortName|HostNo[A-Z]|ExtraNetworks|InventoryFull|AuditMode|Isolation|RestartCount|Satisfied|Rogue|Ghost|Failover|SyncFailed|missing$|Synced|NoNetworkAccess|NoDatastores/;

/** Last word of the name → action. */
const VERBS: ReadonlyMap<string, string> = new Map([
  ['Created', 'create'],
  ['Create', 'create'],
  ['Added', 'create'],
  ['Add', 'create'],
  ['Installed', 'create'],
  ['Imported', 'create'],
  ['Import', 'create'],
  ['Deleted', 'delete'],
  ['Delete', 'delete'],
  ['Removed', 'delete'],
  ['Remove', 'delete'],
  ['Destroyed', 'delete'],
  ['Destroy', 'delete'],
  ['Uninstalled', 'delete'],
  ['Updated', 'update'],
  ['Update', 'update'],
  ['Changed', 'update'],
  ['Renamed', 'update'],
  ['Modified', 'update'],
  ['Reconfigured', 'update'],
  ['Edit', 'update'],
  ['Upgraded', 'update'],
  ['Configured', 'configure'],
  ['Enabled', 'enable'],
  ['Enable', 'enable'],
  ['Disabled', 'disable'],
  ['Disable', 'disable'],
  ['Started', 'start'],
  ['Stopped', 'stop'],
  ['Migrated', 'update/migrate'],
  ['Cloned', 'create/clone'],
  ['Registered', 'deploy/register'],
  ['Unregistered', 'undeploy/unregister'],
  ['Attached', 'update/attach'],
  ['Detached', 'update/detach'],
  ['Associated', 'update/attach'],
  ['Dissociated', 'update/detach'],
  ['Mounted', 'update/attach'],
  ['Unmounted', 'update/detach'],
  ['Exported', 'read/export'],
  ['Downloaded', 'read/export'],
  ['Restored', 'restore'],
  ['Deployed', 'deploy'],
  ['Renewed', 'renew'],
]);
/** First words of the last part of a name → what it is about. */
const OBJECTS: readonly (readonly [string, TargetKind])[] = [
  ['Vm', 'machine'],
  ['VirtualMachine', 'machine'],
  ['Host', 'node'],
  ['Datastore', 'volume'],
  ['Cluster', 'cluster'],
  ['ResourcePool', 'pool'],
  ['Datacenter', 'container'],
  ['Folder', 'container'],
  ['DVPortgroup', 'portgroup'],
  ['Dvs', 'switch'],
  ['Role', 'role'],
  ['Permission', 'role'],
  ['Alarm', 'alarm'],
  ['License', 'license'],
  ['Profile', 'config'],
  ['Template', 'image'],
  ['ScheduledTask', 'task'],
  ['Certificate', 'credential'],
  ['Network', 'network'],
  ['User', 'user'],
  ['Account', 'user'],
];
/** Content library: `CreateLibraryItem`, `SubscriptionDelete`; its verb is first or last. */
const LIBRARY =
  /^cl\.(?:(Create|Delete|Update|Copy|Publish|Sync)(Library|Nfc)\w*|Subscription(Create|Delete|Update))$/;
const LIBRARY_VERBS: Readonly<Record<string, string>> = {
  Create: 'create',
  Delete: 'delete',
  Update: 'update',
  Copy: 'create/clone',
  Publish: 'send',
  Sync: 'update',
};

/** Actions that are of the object itself, not of something it has. */
const OF_THE_WHOLE = /^(?:create|delete|deploy|undeploy|start|stop|restore|renew)/;

/** `name` is short (event-names.ts). */
export function derivedOperation(name: string): Operation {
  const outcome = outcomeOfName(name);
  const library = LIBRARY.exec(name.replace(/Fail$/, ''));
  if (library !== null) {
    const action = LIBRARY_VERBS[library[1] ?? library[3] ?? ''] ?? 'unknown';
    return { action, kind: 'library', outcome, rule: `event-${action.replaceAll('/', '-')}` };
  }
  if (NOISE_PREFIXES.some((prefix) => name.startsWith(prefix)) || NOISE_WORDS.test(name))
    return { action: 'notify', outcome: 'success', rule: 'noise-event', isNoise: true };
  return fromWords(name, outcome);
}

/** `HostFrobConfigured`, `vm.created`: a verb at the end, an object at its beginning or in the part before it. */
function fromWords(name: string, outcome: EventOutcome): Operation {
  const parts = name.replace(/(?:Failed|Failure|Fail|Errors?|Success|\.failed|\.succeeded)$/, '').split('.');
  const last = parts.at(-1) ?? '';
  const verb = /[A-Z]?[a-z]+$/.exec(last)?.[0] ?? '';
  // `updateName`, `connect`: only a whole part in small letters is a word of its own.
  const isWhole = verb === last;
  const action = VERBS.get(isWhole ? capital(verb) : verb);
  const before = last.slice(0, last.length - verb.length);
  const said = isWhole ? capital(parts.at(-2) ?? '') : last;
  const [word, kind] =
    OBJECTS.find(([start]) => said.startsWith(start) && /^(?:[A-Z]|$)/.test(said.slice(start.length))) ?? [];
  if (action === undefined || before.endsWith('Not'))
    return { action: 'unknown', kind, outcome, rule: 'unmapped-event' };
  // `HostPortCreated` makes no host: what is made or removed, or comes and goes, is the last of the words.
  const isObject = word === (isWhole ? said : before) || !OF_THE_WHOLE.test(action);
  return {
    action,
    kind: isObject ? (kind ?? 'unnamed') : 'unnamed',
    outcome,
    rule: `event-${action.replaceAll('/', '-')}`,
  };
}

function capital(word: string): string {
  return word === 'vm' ? 'Vm' : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
