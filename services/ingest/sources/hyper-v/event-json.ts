/**
 * Windows events as JSON: Winlogbeat (6 and later), NXLog im_msvistalog, Get-WinEvent | ConvertTo-Json, EvtxECmd,
 * evtx_dump and other conversions of the XML, Wazuh, Azure Monitor. Told apart by the names of the members alone.
 */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { readEventXml } from './event-xml.ts';
import { putValue, readJsonFacts } from './json-facts.ts';
import { providerName } from './windows-event.ts';
import type { FoundEvent, ReadResult, WindowsEvent, WrittenTime } from './windows-event.ts';

const MAX_EVENTS = 10_000;
/** Members that hold the events of a document. */
const LISTS = ['Events', 'events', 'value', 'records'];

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
  if (!isMembers(document)) return [document];
  for (const name of LISTS) {
    const list = document[name];
    if (Array.isArray(list)) return list;
  }
  const events = document['Events'];
  if (isMembers(events) && events['Event'] !== undefined) {
    const list = events['Event'];
    return Array.isArray(list) ? list.map((one: unknown) => ({ Event: one })) : [events];
  }
  return [document['_source'] ?? document['result'] ?? document];
}

function toEvent(value: unknown): WindowsEvent | undefined {
  const { facts, data, xml, embedded } = readJsonFacts(value);
  const fromXml = eventOfXml(xml);
  if (fromXml !== undefined) return fromXml;
  const eventId = facts.get('eventId');
  if (eventId === undefined || !/^\d{1,10}$/.test(eventId)) return undefined;
  for (const text of embedded) takeEmbedded(data, text);
  const sid = facts.get('sid');
  const isSid = sid?.startsWith('S-1-') === true;
  return {
    provider: providerName(facts.get('provider'), facts.get('guid')),
    eventId: Number(eventId),
    level: levelOf(facts.get('level'), facts.get('severity')),
    time: timeOf(facts.get('utcTime'), facts.get('localTime')),
    recordId: facts.get('recordId'),
    channel: facts.get('channel'),
    computer: facts.get('computer'),
    userSid: isSid ? sid : undefined,
    userName: userName(facts.get('userName') ?? (isSid ? undefined : sid), facts.get('userDomain')),
    data,
    message: facts.get('message'),
  };
}

function eventOfXml(texts: readonly string[]): WindowsEvent | undefined {
  for (const text of texts) {
    if (!/^\s{0,64}<(?:\w{1,20}:)?Event[\s>]/.test(text)) continue;
    const read = readEventXml(text);
    if ('events' in read && read.events.length === 1) return read.events[0]?.event;
  }
  return undefined;
}

/** EvtxECmd writes the values as JSON in a string, NXLog and Azure Monitor as XML. */
function takeEmbedded(data: Map<string, string>, text: string): void {
  if (text.startsWith('{')) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    for (const [key, member] of readJsonFacts(value).data) putValue(data, key, member);
  } else if (text.startsWith('<')) {
    const read = readEventXml(`<Event><UserData>${text}</UserData></Event>`);
    const values = 'events' in read ? read.events[0]?.event.data : undefined;
    for (const [key, member] of values ?? []) putValue(data, key, member);
  }
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
