/**
 * What a message of an engine before 3.5 does to what, told by its words, as a name of an event would say it:
 * `Failed to remove Disk d1 from VM web1` is `USER_FAILED_REMOVE_DISK`. Asked for where no usual message fits
 * (`old-messages.ts`).
 */

const VERBS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ADD: 'add added adding add-disk',
    CREATE: 'create created creating creation',
    REMOVE: 'remove removed removing removal delete deleted deleting deletion',
    UPDATE:
      'update updated updating edited edit change changed reduce reduced sparsify sparsified amend amended',
    EXTEND: 'extend extended extending',
    ATTACH: 'attach attached attaching',
    DETACH: 'detach detached detaching',
    ACTIVATE: 'activate activated activating activation',
    DEACTIVATE: 'deactivate deactivated deactivating',
    MOVE: 'move moving moved',
    COPY: 'copy copied copying',
    IMPORT: 'import imported importing',
    EXPORT: 'export exported exporting',
    REGISTER: 'register registered registering registration',
    MIGRATE: 'migrate migration',
    SUSPEND: 'suspend suspending',
    RESUME: 'resume resumed resuming',
    RESTORE: 'restore restored restoring preview previewed snapshot-preview',
    REBOOT: 'reboot rebooted rebooting restart restarted restarting',
    RESET: 'reset resetting',
    SHUTDOWN: 'shutdown',
    HOTPLUG: 'plug plugged',
    HOTUNPLUG: 'unplug unplugged',
    EJECT: 'eject ejected',
    INSTALL: 'install installed installation',
    ENABLE: 'enable enabled',
    DISABLE: 'disable disabled',
    APPROVE: 'approve approved',
    UPGRADE: 'upgrade upgraded',
    MAINTENANCE: 'maintenance',
    RUN: 'run',
    START: 'start started starting',
    STOP: 'stop stopped stopping power powered',
    SYNC: 'sync synchronize synchronized',
  }).flatMap(([verb, words]) => words.split(' ').map((word): [string, string] => [word, verb])),
);

/** Two words count before one; a machine is named in most messages about what belongs to it, so it counts last. */
const NOUNS: readonly (readonly [words: RegExp, noun: string])[] = [
  [/\bpermission\b/i, 'PERMISSION'],
  [/\b(?:to|from|in) VM Pool\b/, 'VM_OF_POOL'],
  [/\bsnapshot/i, 'SNAPSHOT'],
  [/\bAffinity Group\b|\bbookmark\b|\btag\b|\bQoS\b|\bprofile\b|\bpolicy\b/i, 'CONFIG_TAG'],
  [/\bquota\b/i, 'QUOTA'],
  [/\brole\b/i, 'ROLE'],
  [/\bcertificate\b/i, 'CERTIFICATE'],
  [/\btemplate\b/i, 'VM_TEMPLATE'],
  [/\bGluster (?:Hook|volume)\b|\bbricks?\b/i, 'GLUSTER_VOLUME'],
  [/\bdisk\b|\bimage\b|\badd-disk\b/i, 'DISK'],
  [/\binterface\b|\bnetwork\b|\bbond\b|\bMAC Pool\b/i, 'NETWORK'],
  [/\bcluster\b/i, 'CLUSTER'],
  [/\bstorage domains?\b/i, 'STORAGE_DOMAIN'],
  [/\bData Center\b/, 'STORAGE_POOL'],
  [/\bVM Pool\b/, 'VM_POOL'],
  [/\bprovider\b/i, 'PROVIDER'],
  [/\bgroup\b/i, 'AD_GROUP'],
  [/\bVMs?\b/, 'VM'],
  [/\bhost\b/i, 'VDS'],
  [/\bUser\b/, 'ADUSER'],
];

const FAILED = /^(?:Failed|Cannot|Can't|Could not|Unable)\b|\bfailed\b|\bwith error\b/;
const BEGUN =
  /\biniti(?:ated|alized)\b|^Start(?:ed|ing) |\bstarted by\b|\bwas started\b|^User \S{1,300} (?:is copying|moving|importing|exporting)\b/;
/** Who asked is told, or that it was done: otherwise a thing and its state. */
const DEED =
  /^(?:Failed|Starting|Started|Unable|Could not)\b|\bby\b|\buser:|\bsuccessfully\b|\bcompleted\b|\binitiated\b|\boperation failed\b|\b(?:was|were|has been|have been) [a-z]+ed\b/;
const SEEN = /^(?:The )?(VM|Host|Storage Domain|Data Center|Cluster|Network|Disk)\b/;
const SEEN_OTHERWISE = /^(?:State|Status|Warning|Critical|Invalid|Detected)\b/;
/** Things in things, and states: the words for them do not say enough of what was done to what. */
const UNCLEAR =
  /\b(?:fence|power management|geo-replication|profiling|filter parameter|VFs|label|status|session|checkpoint|scratch|filesystems|already|Non-Operational|SPM|schedule|synchronization|Possible|limit|Switch|certificate|registration|autorecovered|because|might|but|connect|profile|spm|some|Action group|leases?|iSCSI bond|bricks?|updates?|cancel|cancelled|backup|scan|Transfer|NUMA|gluster|rebalance|entities|all|trusted|Trying|may|cannot|stateless|device|compatibility|Hot|from Storage Domain|retrieve)\b/i;
/** The user is somebody something is done to. */
const SUBJECT = /^User \S{1,300} (?:was|successfully) (?:attached|detached|removed|added)\b/;

/** How much of a message says what it is about; the rest gives reasons. */
const START_LENGTH = 300;
const MAX_WORDS = 40;

/** Undefined: nothing that is known. */
export function nameOfWords(message: string): string | undefined {
  // What the user is called is no word of the message.
  const start = message
    .slice(0, START_LENGTH)
    .replace(/[(,] ?[Uu]ser:? ?[^\s()]{1,300}\)?|\. User: ?[^\s()]{1,300}/, ' user:');
  if (UNCLEAR.test(start) || !DEED.test(start)) return stateOf(start);
  const verb = verbIn(start);
  const noun = nounIn(start);
  if (verb === undefined || noun === undefined) return undefined;
  if (SUBJECT.test(start)) return subjectName(verb, noun);
  const name = nameOf(verb, noun, start);
  if (FAILED.test(start)) return `USER_FAILED_${name}`;
  return `USER_${name}_${BEGUN.test(start) ? 'STARTED' : 'FINISHED_SUCCESS'}`;
}

function subjectName(verb: string, noun: string): string | undefined {
  if (verb === 'ATTACH' || verb === 'DETACH')
    return `USER_${verb}_USER_TO_${noun === 'VM_OF_POOL' ? 'VM_POOL' : noun}`;
  return noun === 'ADUSER' && verb === 'REMOVE' ? 'USER_REMOVE_ADUSER' : undefined;
}

function nameOf(verb: string, noun: string, start: string): string {
  if (noun === 'VM_OF_POOL' && verb === 'ADD') return 'ADD_VM_TO_POOL';
  if (noun === 'VM_OF_POOL') return `${verb === 'REMOVE' ? 'DETACH' : verb}_VM_POOL`;
  if (noun === 'DISK' && verb === 'ADD' && /\b(?:to|on) VM\b/.test(start)) return 'ADD_DISK_TO_VM';
  return `${verb}_${noun}`;
}

/** "Started to sparsify", "Failed to start export": that something starts or runs tells less than what. */
const WEAK = new Set(['START', 'RUN', 'STOP']);

function verbIn(start: string): string | undefined {
  let weak: string | undefined;
  for (const word of start.split(' ', MAX_WORDS)) {
    const verb = VERBS.get(word.toLowerCase().replace(/[.,:;)]{1,3}$/, ''));
    if (verb === undefined) continue;
    if (!WEAK.has(verb)) return verb;
    weak ??= verb;
  }
  return weak;
}

/** What the engine saw of something, where nobody is said to have done it. */
function stateOf(start: string): string | undefined {
  if (/\bby\b|\buser:|^User\b/.test(start)) return undefined;
  const seen = SEEN.exec(start);
  const noun =
    seen === null ? (SEEN_OTHERWISE.test(start) ? nounIn(start) : undefined) : nounIn(seen[1] ?? '');
  if (noun === undefined) return undefined;
  return FAILED.test(start) ? `${noun}_STATUS_FAILED` : `${noun}_STATUS`;
}

function nounIn(text: string): string | undefined {
  return NOUNS.find(([words]) => words.test(text))?.[1];
}
