/**
 * Where exporters of Windows events put each fact in their JSON, as a tree of lower-case names that is walked together
 * with the document: they nest the same facts in a dozen ways.
 */

/** Where each fact is, the surest place first. `event.system` is the XML as JSON. */
const PLACES = {
  provider: [
    'winlog.provider_name',
    'event.system.provider.name',
    'system.provider.name',
    'win.system.providername',
    'data.win.system.providername',
    'providername',
    'sourcename',
    'source_name',
    'provider_name',
    'provider.name',
    'event.provider',
    'provider',
    'source',
  ],
  guid: [
    'winlog.provider_guid',
    'event.system.provider.guid',
    'system.provider.guid',
    'win.system.providerguid',
    'data.win.system.providerguid',
    'providerguid',
    'providerid',
    'provider_guid',
    'provider.guid',
  ],
  eventId: [
    'winlog.event_id',
    'event.system.eventid',
    'system.eventid',
    'win.system.eventid',
    'data.win.system.eventid',
    'eventid',
    'event_id',
    'event.code',
    'id',
  ],
  level: [
    'winlog.level',
    'event.system.level',
    'system.level',
    'win.system.level',
    'data.win.system.level',
    'eventlevel',
    'log.level',
    'level',
    'leveldisplayname',
    'eventtype',
  ],
  utcTime: [
    'event.system.timecreated.systemtime',
    'system.timecreated.systemtime',
    'win.system.systemtime',
    'data.win.system.systemtime',
    'timecreated.systemtime',
    'systemtime',
    'winlog.time_created',
    'timegenerated',
    'timecreated.value',
    'timecreated',
    '@timestamp',
    'time_created',
  ],
  localTime: ['eventtime'],
  recordId: [
    'winlog.record_id',
    'event.system.eventrecordid',
    'system.eventrecordid',
    'win.system.eventrecordid',
    'data.win.system.eventrecordid',
    'eventrecordid',
    'recordid',
    'record_id',
    'record_number',
    'recordnumber',
  ],
  channel: [
    'winlog.channel',
    'event.system.channel',
    'system.channel',
    'win.system.channel',
    'data.win.system.channel',
    'channel',
    'logname',
    'log_name',
    'eventlog',
  ],
  computer: [
    'winlog.computer_name',
    'event.system.computer',
    'system.computer',
    'win.system.computer',
    'data.win.system.computer',
    'computer',
    'machinename',
    'computer_name',
    'hostname',
    'host.name',
    'host',
  ],
  sid: [
    'winlog.user.identifier',
    'event.system.security.userid',
    'system.security.userid',
    'security.userid',
    'userid.value',
    'userid',
    'user.identifier',
    'user_id',
  ],
  userName: ['winlog.user.name', 'accountname', 'user.name', 'username'],
  userDomain: ['winlog.user.domain', 'domain', 'user.domain'],
  message: [
    'message',
    'rendereddescription',
    'winlog.message',
    'event.renderinginfo.message',
    'win.system.message',
  ],
  /** Counted from 1 (debug) to 5 (critical). */
  severity: ['severityvalue'],
} as const satisfies Record<string, readonly string[]>;

/** The event's own XML, whole, beside the members made of it. */
const XML = ['eventxml', 'event.original', 'xml', 'winlog.xml', 'eventdata', 'userdata', 'parameterxml'];
/** Texts that hold values as JSON (EvtxECmd) or XML (NXLog, Azure Monitor). */
const EMBEDDED = ['payload', 'userdata', 'eventdata'];
/** Members below these are the event's own values, by their name. */
const DATA = [
  'winlog.event_data',
  'winlog.user_data',
  'event.eventdata',
  'event.userdata',
  'event_data',
  'user_data',
  'eventdata',
  'userdata',
  'win.eventdata',
  'data.win.eventdata',
  'win.userdata',
  'data.win.userdata',
];
/** Get-WinEvent has them in order, Azure Monitor by name. */
const PROPERTIES = 'properties';

export type FactName = keyof typeof PLACES;

export interface Place {
  readonly steps: Map<string, Place>;
  /** What a value here tells, and how sure that place is: the lowest rank wins. */
  readonly facts: { readonly name: FactName; readonly rank: number }[];
  isXml: boolean;
  isEmbedded: boolean;
  below: 'values' | 'properties' | undefined;
}

/** The root of the tree. */
export const PLACE_TREE: Place = createTree();

function createTree(): Place {
  const root = newPlace();
  for (const [name, paths] of entriesOf(PLACES))
    for (const [rank, path] of paths.entries()) placeOf(root, path).facts.push({ name, rank });
  for (const path of XML) placeOf(root, path).isXml = true;
  for (const path of EMBEDDED) placeOf(root, path).isEmbedded = true;
  for (const path of DATA) placeOf(root, path).below = 'values';
  placeOf(root, PROPERTIES).below = 'properties';
  return root;
}

function entriesOf(places: Readonly<Record<FactName, readonly string[]>>): [FactName, readonly string[]][] {
  return Object.keys(places)
    .filter((name) => isFactName(name))
    .map((name) => [name, places[name]]);
}

function isFactName(name: string): name is FactName {
  return Object.hasOwn(PLACES, name);
}

function newPlace(): Place {
  return { steps: new Map(), facts: [], isXml: false, isEmbedded: false, below: undefined };
}

function placeOf(root: Place, path: string): Place {
  let place = root;
  for (const step of path.split('.')) {
    let next = place.steps.get(step);
    if (next === undefined) {
      next = newPlace();
      place.steps.set(step, next);
    }
    place = next;
  }
  return place;
}
