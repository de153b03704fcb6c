/**
 * Events as the API's JSON: the object itself as clients print it (`Key`, `CreatedTime` …, or in small letters with
 * `_typeName`), and the same inside the CloudEvents of the VMware Event Router, old and new.
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime } from '../../src/normalize/event-time.ts';
import { shortName } from './event-names.ts';
import type { ObjectReference, TaskFacts, VcenterEvent } from './vcenter-event.ts';

export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member by its name in either spelling: `CreatedTime`, `createdTime`. */
export function member(object: Members, name: string): unknown {
  return object[name] ?? object[`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`];
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export interface Unwrapped {
  readonly data: Members;
  /** What the wrapper says. */
  readonly type?: string | undefined;
  readonly vcenter?: string | undefined;
}

/** Takes the CloudEvents wrapper off; the object itself where there is none. */
export function unwrapCloudEvent(value: Members): Unwrapped {
  const data = value['data'];
  if (value['specversion'] === undefined || !isObject(data)) return { data: value };
  const type = text(value['type']) ?? '';
  const isOld = type.startsWith('com.vmware.event.router/');
  return {
    data,
    type: isOld ? text(value['subject']) : type === '' ? text(value['subject']) : type,
    vcenter: hostOfUrl(text(value['source'])),
  };
}

/** Whether the object has what every event of vCenter's has. */
export function isVcenterEvent(data: Members): boolean {
  return (
    member(data, 'Key') !== undefined &&
    member(data, 'CreatedTime') !== undefined &&
    (member(data, 'FullFormattedMessage') !== undefined || member(data, 'ChainId') !== undefined)
  );
}

/** Undefined where the time cannot be read or there is no key. */
export function readJsonEvent(
  { data, type, vcenter }: Unwrapped,
  fallbackHost: string,
): VcenterEvent | undefined {
  const key = text(member(data, 'Key'));
  const created = parseTimestamp(text(member(data, 'CreatedTime')) ?? '');
  if (key === undefined || created === undefined) return undefined;
  const args = argumentsOf(data);
  const ownType = text(member(data, 'EventTypeId')) ?? text(data['_typeName']);
  // The wrapper names the class where the object names the id of an EventEx.
  const wrapped = type === undefined ? undefined : shortName(type);
  const isHiding = wrapped === undefined || wrapped === 'EventEx' || wrapped === 'Extended';
  return {
    vcenter: vcenter ?? args.get('_sourcehost_') ?? fallbackHost,
    key,
    chain: text(member(data, 'ChainId')),
    time: exactTime(created.epochMs),
    type: isHiding ? (ownType ?? type) : type,
    severity: text(member(data, 'Severity')),
    user: text(member(data, 'UserName')) ?? '',
    message:
      text(member(data, 'FullFormattedMessage')) ??
      text(member(data, 'Message')) ??
      args.get('description') ??
      '',
    objects: objectsOf(data, args),
    ...taskMember(data),
    address: text(member(data, 'IpAddress')) ?? args.get('userIp'),
    agent: text(member(data, 'UserAgent')),
  };
}

function taskMember(data: Members): { task?: TaskFacts } {
  const info = member(data, 'Info');
  if (!isObject(info)) return {};
  const method = text(member(info, 'DescriptionId')) ?? text(member(info, 'Name'));
  if (method === undefined) return {};
  const entity = member(info, 'Entity');
  const name = text(member(info, 'EntityName'));
  return {
    task: {
      key: text(member(info, 'Key')),
      method,
      state: text(member(info, 'State')),
      ...(isObject(entity) ? { entity: { ...reference(entity), name } } : {}),
    },
  };
}

/** Each member that is a named object, by its name in small letters; `object` is what an EventEx is about. */
function objectsOf(data: Members, args: ReadonlyMap<string, string>): ReadonlyMap<string, ObjectReference> {
  const objects = new Map<string, ObjectReference>();
  for (const [name, value] of Object.entries(data).slice(0, 200)) {
    const key = name.toLowerCase();
    if (typeof value === 'string' && NAMES.has(key) && value !== '') objects.set(key, { name: value });
    if (!isObject(value)) continue;
    const inner = Object.values(value).find(
      (part) => isObject(part) && text(member(part, 'Value')) !== undefined,
    );
    const named = text(member(value, 'Name'));
    if (inner === undefined && named === undefined) continue;
    objects.set(key, { ...(isObject(inner) ? reference(inner) : {}), name: named });
  }
  const name = text(member(data, 'ObjectName')) ?? args.get('Object');
  const value = text(member(data, 'ObjectId'));
  const type = text(member(data, 'ObjectType'));
  if (name !== undefined || value !== undefined)
    objects.set('object', {
      name,
      ...(value === undefined ? {} : { value }),
      ...(type === undefined ? {} : { type }),
    });
  return objects;
}

/** Members that name what an event is about by a bare text. */
const NAMES = new Set(['userlogin', 'account', 'terminatedusername', 'group', 'targetfile', 'sourcefile']);

function reference(value: Members): ObjectReference {
  return { type: text(member(value, 'Type')), value: text(member(value, 'Value')) };
}

function argumentsOf(data: Members): ReadonlyMap<string, string> {
  const list = member(data, 'Arguments');
  const found = new Map<string, string>();
  if (!Array.isArray(list)) return found;
  for (const entry of list.slice(0, 100)) {
    if (!isObject(entry)) continue;
    const key = text(member(entry, 'Key'));
    const value = text(member(entry, 'Value'));
    if (key !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

/** `https://vc.example.org/sdk` → `vc.example.org`. */
function hostOfUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const found = /^[a-z]{1,10}:\/\/(\[[0-9a-fA-F:]{2,45}\]|[^/:\s]{1,255})/.exec(url);
  return found?.[1];
}
