/** Objects that are only the wrapping of a list of records: `{"events":[…]}`, `{"value":[…],"@odata.count":2}`. */
import { elementSpans, valueSpan } from '../body/json-span.ts';
import type { Span } from '../body/json-span.ts';

/** Lower case. Lists of answers of management interfaces: Azure, OData, Redfish, oVirt, Nutanix, Proxmox, log shippers. */
const LIST_NAMES = ['events', 'event', 'records', 'value', 'items', 'entries', 'entities', 'data'];
const LIST_START = new RegExp(`"(?:${LIST_NAMES.join('|')})"\\s{0,20}:\\s{0,20}\\[`, 'i');
/** Beside the list. */
const ABOUT_THE_LIST = new Set(['metadata', '_links', 'links', 'paging', 'page', 'pagination']);
/** What has one of these is a record itself. */
const OF_A_RECORD = new Set([
  'id',
  'uuid',
  'key',
  'type',
  'typeuri',
  'time',
  'timestamp',
  'eventtime',
  'specversion',
  'subject',
]);
const MAX_MEMBERS = 12;
/** The list is looked for at the beginning; a wrapper says little before it. */
const START_LENGTH = 2048;

/**
 * The elements of the list that the object at `start` up to `end` wraps. Undefined where it is a record itself, or may
 * be: the list is the only array, has a known name and objects only, and nothing beside it is of a record.
 */
export function listInWrapper(text: string, start: number, end: number): readonly Span[] | undefined {
  if (text.charCodeAt(start) !== 0x7b) return undefined;
  if (!LIST_START.test(text.slice(start, Math.min(end, start + START_LENGTH)))) return undefined;
  const object = text.slice(start, end);
  let value: unknown;
  try {
    value = JSON.parse(object);
  } catch {
    return undefined;
  }
  const name = listNameOf(value);
  const list = name === undefined ? undefined : valueSpan(object, [name]);
  if (list === undefined) return undefined;
  return elementSpans(object, list.start).map((span) => ({
    start: start + span.start,
    end: start + span.end,
  }));
}

function listNameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = Object.entries(value);
  if (members.length > MAX_MEMBERS) return undefined;
  let found: string | undefined;
  for (const [name, member] of members) {
    const lower = name.toLowerCase();
    if (OF_A_RECORD.has(lower)) return undefined;
    if (Array.isArray(member)) {
      if (found !== undefined || !LIST_NAMES.includes(lower) || !member.every(isObject)) return undefined;
      found = name;
    } else if (isObject(member) && !ABOUT_THE_LIST.has(lower)) return undefined;
  }
  return found;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
