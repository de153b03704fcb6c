/**
 * Windows events as JSON: Winlogbeat (6 and later), NXLog im_msvistalog, Get-WinEvent | ConvertTo-Json, EvtxECmd,
 * evtx_dump and other conversions of the XML, Wazuh, Azure Monitor. Told apart by the names of the members alone.
 */
import { readEventXml } from './event-xml.ts';
import { flattenJson } from './flat-json.ts';
import type { FlatValue } from './flat-json.ts';
import { providerName } from './windows-event.ts';
import type { FoundEvent, ReadResult, WindowsEvent, WrittenTime } from './windows-event.ts';

const MAX_EVENTS = 10_000;
/** Members that hold the events of a document. */
const LISTS = ['Events', 'events', 'value', 'records'];

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
  /** The event's own XML, whole, beside the members made of it. */
  xml: ['eventxml', 'event.original', 'xml', 'winlog.xml', 'eventdata', 'userdata', 'parameterxml'],
} as const satisfies Record<string, readonly string[]>;

/** Members below these are the event's own values. */
const DATA = [
  'winlog.event_data.',
  'winlog.user_data.',
  'event.eventdata.',
  'event.userdata.',
  'event_data.',
  'user_data.',
  'eventdata.',
  'userdata.',
  'win.eventdata.',
  'data.win.eventdata.',
  'properties.',
];
/** Values that NXLog and hand-made exports have beside the members of the event. */
const OWN_VALUE =
  /^(?:vm|vhd|targetvhd|switch|nic|snapshot|destination|parameter\d|errorcode|errormessage|status|reason|force)/;
const LEVELS: ReadonlyMap<string, number> = new Map([
  ['critical', 1],
  ['error', 2],
  ['warning', 3],
  ['warn', 3],
  ['info', 4],
  ['information', 4],
  ['informational', 4],
  ['verbose', 5],
  ['debug', 5],
  ['logalways', 0],
]);

/** `HYPERV_JSON_BROKEN`, `HYPERV_NO_EVENT`. */
export function readEventJson(text: string): ReadResult {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : '';
    return {
      code: 'HYPERV_JSON_BROKEN',
      detail: `The record begins like JSON and is none: ${why}. Send each event as one JSON object.`,
    };
  }
  const values = eventValues(document);
  const events: FoundEvent[] = [];
  for (const value of values.slice(0, MAX_EVENTS)) {
    const event = toEvent(value);
    if (event === undefined)
      return {
        code: 'HYPERV_NO_EVENT',
        detail:
          'The JSON has no member that tells the number of an event (winlog.event_id, EventID, Id, System.EventID). Send what Winlogbeat, NXLog, EvtxECmd or Get-WinEvent | ConvertTo-Json -Depth 4 give.',
      };
    events.push(values.length === 1 ? { event } : { event, part: JSON.stringify(value) });
  }
  if (values.length > MAX_EVENTS)
    return {
      code: 'HYPERV_JSON_TOO_LARGE',
      detail: `The record holds over ${MAX_EVENTS} events. Send them one by one.`,
    };
  return { events };
}

function eventValues(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  if (typeof document !== 'object' || document === null) return [document];
  const members = new Map<string, unknown>(Object.entries(document));
  const list = LISTS.map((name) => members.get(name)).find((value) => Array.isArray(value));
  if (Array.isArray(list)) return list;
  const events = members.get('Events');
  if (typeof events === 'object' && events !== null && 'Event' in events) {
    return Array.isArray(events.Event) ? events.Event.map((one: unknown) => ({ Event: one })) : [events];
  }
  return [members.get('_source') ?? members.get('result') ?? document];
}

function toEvent(value: unknown): WindowsEvent | undefined {
  const flat = flattenJson(value);
  const fact = (name: keyof typeof PLACES): string | undefined => {
    for (const place of PLACES[name]) {
      const found = flat.get(place)?.value;
      if (found !== undefined && found !== '') return found;
    }
    return undefined;
  };
  const fromXml = eventOfXml(flat);
  if (fromXml !== undefined) return fromXml;
  const eventId = fact('eventId');
  if (eventId === undefined || !/^\d{1,10}$/.test(eventId)) return undefined;
  const sid = fact('sid');
  const isSid = sid?.startsWith('S-1-') === true;
  return {
    provider: providerName(fact('provider'), fact('guid')),
    eventId: Number(eventId),
    level: levelOf(fact('level'), flat.get('severityvalue')?.value),
    time: timeOf(fact('utcTime'), fact('localTime')),
    recordId: fact('recordId'),
    channel: fact('channel'),
    computer: fact('computer'),
    userSid: isSid ? sid : undefined,
    userName: userName(fact('userName') ?? (isSid ? undefined : sid), fact('userDomain')),
    data: dataOf(flat),
    message: fact('message'),
  };
}

function eventOfXml(flat: ReadonlyMap<string, FlatValue>): WindowsEvent | undefined {
  for (const place of PLACES.xml) {
    const text = flat.get(place)?.value;
    if (text === undefined || !/^\s{0,64}<(?:\w{1,20}:)?Event[\s>]/.test(text)) continue;
    const read = readEventXml(text);
    if ('events' in read && read.events.length === 1) return read.events[0]?.event;
  }
  return undefined;
}

function dataOf(flat: ReadonlyMap<string, FlatValue>): ReadonlyMap<string, string> {
  const data = new Map<string, string>();
  const put = (key: string, value: string): void => {
    const name = /^\d{1,4}$/.test(key) ? `Data${key}` : key;
    if (!data.has(name)) data.set(name, value);
  };
  for (const [path, { key, value }] of flat) {
    if (key === 'xmlns' || key === 'xml_name' || key.startsWith('xmlns:')) continue;
    const prefix = DATA.find((one) => path.startsWith(one));
    if (prefix === 'properties.') put(path.slice(prefix.length).replace(/\.value$/, ''), value);
    else if (prefix !== undefined) put(key, value);
    else if (path.indexOf('.') < 0 && OWN_VALUE.test(path)) put(key, value);
  }
  for (const place of ['payload', 'userdata', 'eventdata']) {
    const text = flat.get(place)?.value ?? '';
    for (const [key, value] of embedded(text)) put(key, value);
  }
  return data;
}

/** EvtxECmd writes the values as JSON in a string, NXLog and Azure Monitor as XML. */
function embedded(text: string): ReadonlyMap<string, string> {
  if (text.startsWith('{')) {
    try {
      return dataOf(flattenJson(JSON.parse(text)));
    } catch {
      return new Map();
    }
  }
  if (!text.startsWith('<')) return new Map();
  const read = readEventXml(`<Event><UserData>${text}</UserData></Event>`);
  return 'events' in read ? (read.events[0]?.event.data ?? new Map<string, string>()) : new Map();
}

/** NXLog counts severities from 1 (debug) to 5 (critical). */
function levelOf(level: string | undefined, severity: string | undefined): number | undefined {
  if (level !== undefined) {
    if (/^\d{1,2}$/.test(level)) return Number(level);
    const known = LEVELS.get(level.toLowerCase());
    if (known !== undefined) return known;
  }
  return severity !== undefined && /^[1-5]$/.test(severity) ? 6 - Number(severity) : undefined;
}

/** What ConvertTo-Json of Windows PowerShell makes of a time: `/Date(1691109904262)/`. */
function timeOf(utc: string | undefined, local: string | undefined): WrittenTime | undefined {
  const text = utc ?? local;
  if (text === undefined) return undefined;
  const millis = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/.exec(text)?.[1];
  if (millis !== undefined) {
    const date = new Date(Number(millis));
    return Number.isNaN(date.getTime())
      ? { text, unzoned: 'utc' }
      : { text: date.toISOString(), unzoned: 'utc' };
  }
  return { text, unzoned: utc === undefined ? 'local' : 'utc' };
}

function userName(name: string | undefined, domain: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return domain === undefined || name.includes('\\') ? name : `${domain}\\${name}`;
}
