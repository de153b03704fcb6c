/** What an event is about: its kind by the words of its name, its own name by the message. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { qualifiedId, resource, service, UNKNOWN_ID } from '../../src/normalize/resources.ts';

/** As the engine calls its entities (VdcObjectType), and what rows of the database call them. */
export type EntityKind =
  | 'vm'
  | 'host'
  | 'disk'
  | 'storage-domain'
  | 'data-center'
  | 'cluster'
  | 'template'
  | 'network'
  | 'pool'
  | 'volume'
  | 'user'
  | 'group'
  | 'role'
  | 'quota'
  | 'credential'
  | 'secret'
  | 'log'
  | 'job'
  | 'provider'
  | 'service'
  | 'config'
  | 'engine';

const TYPES: Readonly<Record<EntityKind, string>> = {
  vm: 'compute/machine',
  host: 'compute/node',
  disk: 'storage/volume',
  'storage-domain': 'storage/node',
  'data-center': 'service/composition',
  cluster: 'network/cluster',
  template: 'data/image',
  network: 'network',
  pool: 'service/composition',
  volume: 'storage/volume',
  user: 'data/security/account/user',
  group: 'data/security/group',
  role: 'data/security/role',
  quota: 'data/security/policy',
  credential: 'data/security/credential',
  secret: 'data/security/keymanager/secret',
  log: 'data/log',
  job: 'data/workload/task',
  provider: 'service',
  service: 'service',
  config: 'data/config',
  engine: 'service/compute',
};

/** The first that fits the name of an event counts. */
const KINDS: readonly (readonly [RegExp, EntityKind])[] = [
  [/^USER_(?:VDC|LOGIN|MAX_SESSIONS|ACCOUNT)|^AUTH_FAILED|^VDC_|^ENGINE_(?!C)/, 'engine'],
  [/^(?:USER_(?:FAILED_|REMOVE_|ADD_|UPDATE_|FAILED_ADD_)?)?VDS_(?!INITIATED)/, 'host'],
  [/^USER_REMOVE_VM_FINISHED|^VM_MIGRATION|^VDS_INITIATED/, 'vm'],
  [/PERMISSION|ROLE(?:_|$)(?!ATTACH)/, 'role'],
  [/^IRS_|^STORAGE_ALERT/, 'storage-domain'],
  [/LIBVIRT_SECRET/, 'secret'],
  [/AUDIT_LOG/, 'log'],
  [/CERTIFIC|ENROLLMENT|PUB_?KEY|PUB_KEY/, 'credential'],
  [/^USER_(?:ADD|REMOVE)_AD_GROUP/, 'group'],
  [/ADUSER|^USER_ADD$|PASSWORD_|USER_PROFILE|_(?:ADD|UPDATE|REMOVE)_PROFILE|^USER_OPTIONS/, 'user'],
  [/TEMPLATE_INTERFACE/, 'network'],
  [/TEMPLATE/, 'template'],
  [/HOOK/, 'config'],
  [/GLUSTER_SERVICE_(?:START|STOP|RESTART|ADDED|TYPE)/, 'service'],
  [/GLUSTER_(?:SERVER|SERVICE|HOST)/, 'host'],
  [/GLUSTER|GEOREP|BRICK/, 'volume'],
  [
    /DISK_PROFILE|CPU_PROFILE|QOS|AFFINITY|BOOKMARK|CLUSTER_POLICY|MOM_POLIC|SCHEDULER|^EXTERNAL|TAG$/,
    'config',
  ],
  [/QUOTA/, 'quota'],
  [/SNAPSHOT(?!.*GLUSTER)/, 'vm'],
  [/DISK|IMAGE|LUN|LEASE/, 'disk'],
  [
    /STORAGE_DOMAIN|_DOMAIN(?:_|$)|OVF_STORE|_VG(?:_|$)|^IRS|STORAGE_SERVER|STORAGE_DEVICE|_SD_/,
    'storage-domain',
  ],
  [/STORAGE_POOL|RECONSTRUCT_MASTER|MASTER_STORAGE/, 'data-center'],
  [/VDS_INTERFACE|VM_INTERFACE|NETWORK|(?:^|_)NIC|VNIC|BOND|MAC_|SUBNET|VFS_|_LABEL/, 'network'],
  [/VM_POOL|_POOL(?:_|$)/, 'pool'],
  [/PROVIDER/, 'provider'],
  [/(?:^|_)VM|CONSOLE|MIGRATION|IMPORTEXPORT|HOT_SET_|HOT_UNPLUG|COLD_REBOOT|WATCHDOG/, 'vm'],
  [/VDS|HOST|FENCE|SPM|KDUMP|ANSIBLE|^PM_POLICY/, 'host'],
  [/CLUSTER/, 'cluster'],
  [/_JOB(?:_|$)|TASK/, 'job'],
  [/TAG/, 'config'],
  [/AD_GROUP/, 'group'],
];

/** In quotes it may have blanks. */
const NAME = "(?:'([^'\\n]{1,255})'|'?([^\\s',()]{1,255}))";

/** In messages: `VM web1 was …`, `(Host: h1)`, `Disk 'd1'`. Of a name with blanks the first word is taken. */
const WORDS: Readonly<Partial<Record<EntityKind, RegExp>>> = {
  vm: words('VM import of', 'V[Mm](?: name)?:?', 'Guest(?= \\S{1,255} started)', 'triggered on'),
  host: words('[Hh]ost:?', 'VDSM'),
  disk: words(
    '[Dd]isk(?! operation)',
    'operation of',
    'VM \\S{1,255}(?= \\S{1,255} disk was)',
    'to (?:sparsify|amend)',
    'image',
  ),
  'storage-domain': words(
    '[Dd]omain:?',
    'disk space\\.',
    'area size on',
    'Storage(?! (?:[Dd]omain|Pool|Server))',
    'smaller than 50MB on',
  ),
  'data-center': words('Data Center'),
  cluster: words('[Cc]luster'),
  template: words('Template import of', '[Tt]emplate'),
  network: words(
    '[Nn]etwork [Ii]nterface(?: [Cc]ard)?',
    '[Nn]etwork',
    'Interface',
    '[Ss]ubnet',
    'MAC Pool',
    'NIC',
    '[Bb]ond:?',
    '[Pp]rofile',
  ),
  pool: words('Pool'),
  volume: words('[Vv]olume'),
  role: words('[Rr]ole'),
  user: words('[Uu]ser', '(?:created|profile|successfully) for'),
  group: words('[Gg]roup'),
  secret: words('Authentication Key'),
  quota: words('Quota'),
  provider: words('[Pp]rovider'),
  config: words(
    'Profile',
    'Q[Oo]S',
    'Tag(?: named)?',
    '[Bb]ookmark:?',
    'Affinity (?:Group|Label)',
    'Gluster Hook',
    'Policy:?',
  ),
};

function words(...before: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${before.join('|')}) ${NAME}`, 'g');
}

/** Words that follow the kind where no name does. */
const NO_NAME: ReadonlySet<string> = new Set(
  (
    'was is has are were does did to from for on in with and of by or as the not could named ' +
    'profile domain operation migration shutdown status interface network networks card logic configuration snapshot ' +
    'snapshots space change changes import imported creation registration compatibility numa option options count ' +
    'match connected list metadata info doesn isn failed name names action power console <unknown> ' +
    'command cluster domains filter parameter preparing between which will ticket leases'
  ).split(' '),
);
/** Of a long message: names are in its beginning. */
const MAX_TRIES = 6;

/** What `ENTITY_RENAMED` calls that which it renames. */
const RENAMED: readonly (readonly [string, EntityKind])[] = [
  ['VM ', 'vm'],
  ['Host ', 'host'],
  ['Cluster ', 'cluster'],
  ['Data Center ', 'data-center'],
  ['Template ', 'template'],
  ['Disk ', 'disk'],
  ['Network ', 'network'],
  ['Storage ', 'storage-domain'],
];

const known = new Map<string, EntityKind>();
/** Names are few; what is made up by others must not fill the memory. */
const MAX_KNOWN = 4096;

export function kindOf(name: string, message: string): EntityKind {
  if (name.startsWith('ENTITY_RENAMED'))
    return RENAMED.find(([words]) => message.startsWith(words))?.[1] ?? 'config';
  let kind = known.get(name);
  if (kind === undefined) {
    kind = KINDS.find(([words]) => words.test(name))?.[1] ?? 'engine';
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, kind);
  }
  return kind;
}

/** `web1` of `VM web1 was started by …`; undefined where the message has no name of that kind. */
export function nameIn(kind: EntityKind, message: string): string | undefined {
  const pattern = WORDS[kind];
  if (pattern === undefined) return undefined;
  let tries = 0;
  for (const found of message.slice(0, 1000).matchAll(pattern)) {
    const name = found[1] ?? found[2]?.replace(/[.:;]{1,3}$/, '') ?? '';
    if (name !== '' && !NO_NAME.has(name.toLowerCase())) return name;
    tries += 1;
    if (tries >= MAX_TRIES) break;
  }
  return undefined;
}

const HOLDERS: readonly EntityKind[] = ['vm', 'host', 'storage-domain', 'cluster', 'data-center'];

/** A machine, host … the message names, for what has no name in it. */
export function holderIn(
  kind: EntityKind,
  message: string,
): { readonly kind: EntityKind; readonly name: string } | undefined {
  for (const holder of HOLDERS) {
    const name = holder === kind ? undefined : nameIn(holder, message);
    if (name !== undefined) return { kind: holder, name };
  }
  return undefined;
}

export interface TargetFacts {
  readonly host: string;
  readonly kind: EntityKind;
  readonly name?: string | undefined;
  /** Its UUID. */
  readonly id?: string | undefined;
  /** What it is a part of, where it has no name of its own: the machine of a disk. */
  readonly within?: { readonly kind: EntityKind; readonly name: string } | undefined;
}

export function targetOf({ host, kind, name, id, within }: TargetFacts): Resource {
  if (kind === 'engine') return service(host, 'ovirt-engine');
  const key = id ?? name;
  if (key === undefined && within !== undefined)
    return resource(TYPES[kind], qualifiedId(host, within.kind, within.name, kind), within.name);
  return resource(TYPES[kind], key === undefined ? UNKNOWN_ID : qualifiedId(host, kind, key), name);
}
