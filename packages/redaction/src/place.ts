/** What the standard lets be done with each member of its entities without making a valid event an invalid one. */
import { memberForm } from '@cadf-pipeline/cadf-model';
import type { EntityName, MemberForm } from '@cadf-pipeline/cadf-model';
import type { Path } from '@cadf-pipeline/event-filter';

/** What an object is: an entity of the standard, an item or object of a cadf:Map, or content of any form. */
export type Frame = EntityName | 'map' | 'content';

/**
 * - `optional`: may be missing;
 * - `required`: has to be there, with any text in it;
 * - `type`: a path of the resource taxonomy;
 * - `unmaskable`: may be missing, but a mask does not fit its form (times, durations, coordinates, maps);
 * - `fixed`: never changed.
 */
export type Place = 'optional' | 'required' | 'type' | 'unmaskable' | 'fixed';

const PLACES: Partial<Record<Frame, Readonly<Record<string, Place>>>> = {
  event: {
    typeURI: 'fixed',
    id: 'fixed',
    eventType: 'fixed',
    eventTime: 'fixed',
    action: 'fixed',
    outcome: 'fixed',
    initiator: 'required',
    initiatorId: 'required',
    target: 'required',
    targetId: 'required',
    observer: 'required',
    observerId: 'required',
    // Monitor events need measurements, control events a reason; which type it is, a rule does not say.
    reason: 'required',
    measurements: 'required',
    reporterchain: 'required',
    duration: 'unmaskable',
  },
  resource: { id: 'required', typeURI: 'type' },
  attachment: { contentType: 'required', typeURI: 'required', content: 'required' },
  credential: { token: 'required', assertions: 'unmaskable' },
  endpoint: { url: 'required' },
  geolocation: { latitude: 'unmaskable', longitude: 'unmaskable', annotations: 'unmaskable' },
  measurement: { result: 'required', metric: 'required', metricId: 'required' },
  metric: { metricId: 'required', unit: 'required', annotations: 'unmaskable' },
  reason: { reasonType: 'required', reasonCode: 'required', policyType: 'required', policyId: 'required' },
  reporterstep: { role: 'fixed', reporter: 'required', reporterId: 'required', reporterTime: 'unmaskable' },
  map: { key: 'required' },
};

/** Members whose values are words of a vocabulary, not of a person or a machine: copies of them are no copies. */
const VOCABULARY: ReadonlySet<string> = new Set([
  'typeURI',
  'contentType',
  'type',
  'reasonType',
  'reasonCode',
  'policyType',
  'unit',
  'severity',
  'port',
]);

/** Spellings of other emitters. */
const ALIASES: Readonly<Record<string, string>> = {
  measurement: 'measurements',
  reportersteps: 'reporterchain',
};

/** Extensions whose names other programs look for: they are names, whatever somebody calls himself. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  'annotation',
  'domain_id',
  'domain_name',
  'identity_status',
  'key',
  'project_domain_id',
  'project_domain_name',
  'project_id',
  'project_name',
  'requestPath',
  'request_id',
  'type',
  'value',
  'user_domain_id',
  'username',
  ...Object.keys(ALIASES),
]);

export interface Member {
  readonly place: Place;
  /** What an object in it, or in a list in it, is. */
  readonly frame: Frame;
  readonly form: MemberForm['form'] | undefined;
  /** Its values are not searched for elsewhere. */
  readonly isVocabulary: boolean;
  /** Its name is the standard's, or as good as. */
  readonly isNameKnown: boolean;
}

const unknown = memberOf('content', 'x', false);
const unknownButKnownName = memberOf('content', 'x', true);
const members = new Map<Frame, Map<string, Member>>();

/** Of a member given by the frame it is in and its name. Members of extensions are content of any form. */
export function lookUpMember(frame: Frame, given: string): Member {
  if (frame === 'content') return unknown;
  const known = members.get(frame)?.get(given);
  if (known !== undefined) return known;
  const name = frame === 'event' && Object.hasOwn(ALIASES, given) ? (ALIASES[given] ?? given) : given;
  const isStandard =
    frame === 'map' ? name === 'key' || name === 'value' : memberForm(frame, name) !== undefined;
  if (!isStandard) return KNOWN_EXTENSIONS.has(given) ? unknownButKnownName : unknown;
  const member = memberOf(frame, name, true);
  const ofFrame = members.get(frame) ?? new Map<string, Member>();
  members.set(frame, ofFrame.set(given, member));
  return member;
}

function memberOf(frame: Frame, name: string, isNameKnown: boolean): Member {
  const form = frame === 'map' || frame === 'content' ? undefined : memberForm(frame, name);
  const places = PLACES[frame];
  return {
    place: (places !== undefined && Object.hasOwn(places, name) ? places[name] : undefined) ?? 'optional',
    frame: form?.form === 'map' ? 'map' : (form?.entity ?? 'content'),
    form: form?.form,
    isVocabulary: form !== undefined && VOCABULARY.has(name),
    isNameKnown,
  };
}

/** Whether a rule may not have the path: it would change what identifies the event or who handled it. */
export function isPathFixed(path: Path): boolean {
  const [first = '', second, third] = path;
  if (lookUpMember('event', first).place === 'fixed') return true;
  if ((ALIASES[first] ?? first) !== 'reporterchain') return false;
  if (second === undefined || second === 'role' || second === 'reporterId') return true;
  return second === 'reporter' && (third === undefined || third === 'id');
}
