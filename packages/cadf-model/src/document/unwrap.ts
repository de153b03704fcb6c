/**
 * Finds the events in a JSON document, whatever it is wrapped in: bare events, lists, CADF Logs and Reports,
 * OpenStack notifications, Rackspace feed entries, Hermes lists, CloudEvents. The events stay as they are.
 */
import { eventTypeUri, logTypeUri, reportTypeUri } from '../entities/uris.ts';
import type { Fault } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { checkJsonDepth } from '../json/depth.ts';
import { isTypeUriVariant } from '../validate/identity.ts';
import type { Definitions } from './definitions.ts';
import { definitionsOf, noDefinitions } from './definitions.ts';
import type { DocumentFaultCode } from './fault.ts';
import { documentFaults } from './fault.ts';

/** The outermost form of a document. */
export type DocumentForm =
  | 'event'
  | 'list'
  | 'log'
  | 'report'
  | 'openstack-notification'
  | 'rackspace-entry'
  | 'event-list'
  | 'cloudevent'
  | 'wrapped-event'
  | 'unknown';

/** One event found, or a place where one should be and is not (`fault` says why). */
export interface DocumentItem {
  /** JSON Pointer (RFC 6901) of the event within the document; empty for the document itself. */
  readonly path: string;
  /**
   * Where the value at `path` is JSON text inside a string (oslo messaging), the pointer of the event within that
   * text; undefined otherwise.
   */
  readonly within: string | undefined;
  readonly value: unknown;
  readonly definitions: Definitions;
  readonly fault: Fault | undefined;
}

export interface UnwrappedDocument {
  readonly form: DocumentForm;
  /** In the order of the document. */
  readonly items: readonly DocumentItem[];
}

export interface UnwrapLimits {
  /** Most events of one document; the rest becomes one item with the fault `CADF_DOCUMENT_TOO_MANY_EVENTS`. */
  readonly maxEvents: number;
  /** Most wrappings inside each other (a Log in a Report in a CloudEvent in a list makes four). */
  readonly maxNesting: number;
}

export const defaultUnwrapLimits: UnwrapLimits = { maxEvents: 100_000, maxNesting: 6 };

/**
 * Unwraps a parsed JSON document. Never throws; what cannot be understood is an item with a fault:
 * `CADF_DOCUMENT_UNKNOWN`, `CADF_DOCUMENT_EMPTY`, `CADF_DOCUMENT_TOO_DEEP`, `CADF_DOCUMENT_TOO_MANY_EVENTS`,
 * `CADF_DOCUMENT_EMBEDDED_JSON` (a string that should hold JSON does not), `CADF_DOCUMENT_BINARY_DATA`.
 */
export function unwrapDocument(
  value: unknown,
  limits: UnwrapLimits = defaultUnwrapLimits,
): UnwrappedDocument {
  const items: DocumentItem[] = [];
  const walk: Walk = { limits, items };
  const form = visit(walk, value, { path: '', within: undefined, definitions: noDefinitions, nesting: 0 });
  return { form, items };
}

interface Walk {
  readonly limits: UnwrapLimits;
  readonly items: DocumentItem[];
}

interface Place {
  readonly path: string;
  readonly within: string | undefined;
  readonly definitions: Definitions;
  readonly nesting: number;
}

function visit(walk: Walk, value: unknown, place: Place): DocumentForm {
  if (isMembers(value) && value['typeURI'] === eventTypeUri) return found(walk, value, place, 'event');
  if (place.nesting >= walk.limits.maxNesting) return fail(walk, value, place, 'CADF_DOCUMENT_TOO_DEEP');
  if (Array.isArray(value)) return visitList(walk, value, place, 'list');
  if (!isMembers(value)) return fail(walk, value, place, 'CADF_DOCUMENT_UNKNOWN');
  return visitObject(walk, value, place);
}

function visitObject(walk: Walk, value: Members, place: Place): DocumentForm {
  const container = containerForm(value['typeURI']);
  if (container !== undefined) return visitContainer(walk, value, place, container);
  if (looksLikeEvent(value, 3)) return found(walk, value, place, 'event');
  const oslo = value['oslo.message'];
  if (oslo !== undefined) return visitEmbedded(walk, oslo, below(place, 'oslo.message'));
  if ('payload' in value && ('event_type' in value || 'publisher_id' in value || 'message_id' in value)) {
    visit(walk, value['payload'], below(place, 'payload'));
    return 'openstack-notification';
  }
  if ('specversion' in value) return visitCloudEvent(walk, value, place);
  const entry = value['entry'];
  if (isMembers(entry)) {
    visitEntry(walk, entry, below(place, 'entry'));
    return 'rackspace-entry';
  }
  if (isMembers(value['content'])) return visitEntry(walk, value, place);
  const events = value['events'];
  if (Array.isArray(events)) {
    visitList(walk, events, below(place, 'events'), 'event-list');
    return 'event-list';
  }
  return visitWrapped(walk, value, place);
}

function visitList(
  walk: Walk,
  list: readonly unknown[],
  place: Place,
  form: 'list' | 'event-list',
): DocumentForm {
  if (list.length === 0 && form === 'list') return fail(walk, list, place, 'CADF_DOCUMENT_EMPTY', 'list');
  for (let index = 0; index < list.length; index++) {
    visit(walk, list[index], below(place, String(index)));
    if (isFull(walk)) return form;
  }
  return form;
}

/**
 * A Log or Report: its own events, then those of the Logs inside. One that says that it has none, by an empty list, is
 * whole: what was asked for may not have happened. One without any list says nothing.
 */
function visitContainer(walk: Walk, value: Members, place: Place, form: 'log' | 'report'): DocumentForm {
  const inner = { ...place, definitions: definitionsOf(value, place.definitions) };
  let saysEvents = false;
  for (const member of form === 'log' ? ['events'] : ['events', 'logs']) {
    const list = value[member];
    if (list === undefined) continue;
    saysEvents = true;
    if (Array.isArray(list)) visitList(walk, list, below(inner, member), 'event-list');
    else fail(walk, list, below(inner, member), 'CADF_DOCUMENT_UNKNOWN');
  }
  if (!saysEvents) fail(walk, value, place, 'CADF_DOCUMENT_EMPTY');
  return form;
}

/** oslo.messaging 2.0 wraps the notification again, as JSON text in a string. */
function visitEmbedded(walk: Walk, text: unknown, place: Place): DocumentForm {
  const form = 'openstack-notification';
  if (typeof text !== 'string') {
    visit(walk, text, place);
    return form;
  }
  if (place.within !== undefined || !checkJsonDepth(text)) {
    return fail(walk, text, place, 'CADF_DOCUMENT_TOO_DEEP', form);
  }
  let inner: unknown;
  try {
    inner = JSON.parse(text);
  } catch {
    return fail(walk, text, place, 'CADF_DOCUMENT_EMBEDDED_JSON', form);
  }
  visit(walk, inner, { ...place, within: '' });
  return form;
}

/** Structured mode of CloudEvents 1.0 (section 3.1 of the JSON format): the event is in `data`. */
function visitCloudEvent(walk: Walk, value: Members, place: Place): DocumentForm {
  const form = 'cloudevent';
  const data = value['data'];
  if (data === undefined) {
    const binary = value['data_base64'] !== undefined;
    return fail(walk, value, place, binary ? 'CADF_DOCUMENT_BINARY_DATA' : 'CADF_DOCUMENT_EMPTY', form);
  }
  if (typeof data === 'string') visitEmbedded(walk, data, below(place, 'data'));
  else visit(walk, data, below(place, 'data'));
  return form;
}

/** An Atom entry of Rackspace Cloud Feeds in JSON: content > event, whatever the entry itself is under. */
function visitEntry(walk: Walk, entry: Members, place: Place): DocumentForm {
  const content = entry['content'];
  const event = isMembers(content) ? content['event'] : undefined;
  if (event === undefined) fail(walk, entry, place, 'CADF_DOCUMENT_UNKNOWN');
  else visit(walk, event, below(below(place, 'content'), 'event'));
  return 'rackspace-entry';
}

/** `{"event": {…}}` and nothing else, as XML converters write. */
function visitWrapped(walk: Walk, value: Members, place: Place): DocumentForm {
  const names = Object.keys(value);
  const name = names.length === 1 ? names[0] : undefined;
  if (name !== undefined && /^(?:cadf:)?(?:event|log|report)$/i.test(name)) {
    visit(walk, value[name], below(place, name));
    return 'wrapped-event';
  }
  // No envelope, yet something of an event: the checks of events say best what is missing.
  if (looksLikeEvent(value, 1)) return found(walk, value, place, 'event');
  return fail(walk, value, place, 'CADF_DOCUMENT_UNKNOWN');
}

function found(walk: Walk, value: Members, place: Place, form: DocumentForm): DocumentForm {
  if (isFull(walk)) return form;
  if (walk.items.length >= walk.limits.maxEvents) {
    return fail(walk, undefined, place, 'CADF_DOCUMENT_TOO_MANY_EVENTS', form);
  }
  const { path, within, definitions } = place;
  walk.items.push({ path, within, value, definitions, fault: undefined });
  return form;
}

function isFull(walk: Walk): boolean {
  return walk.items.length > walk.limits.maxEvents;
}

/**
 * A CADF type URI, or enough of the event's own members to be meant as one: reduced events of Hermes have no
 * typeURI and no eventType, IBM's have no typeURI.
 */
function looksLikeEvent(value: Members, enough: number): boolean {
  const typeUri = value['typeURI'];
  if (typeof typeUri === 'string' && typeUri.length <= 256 && isTypeUriVariant(typeUri)) return true;
  let own = 0;
  for (const member of eventMembers) if (value[member] !== undefined) own++;
  return own >= enough;
}

const eventMembers = ['eventTime', 'eventType', 'action', 'outcome', 'initiator', 'target', 'observer'];

function containerForm(typeUri: unknown): 'log' | 'report' | undefined {
  if (typeof typeUri !== 'string' || typeUri.length > 256) return undefined;
  if (typeUri === logTypeUri) return 'log';
  if (typeUri === reportTypeUri) return 'report';
  const plain = typeUri
    .replaceAll(/\s/g, '')
    .toLowerCase()
    .replace(/^https:/, 'http:')
    .replace(/\/$/, '');
  if (plain === logTypeUri || plain === 'cadf:log') return 'log';
  return plain === reportTypeUri || plain === 'cadf:report' ? 'report' : undefined;
}

function below(place: Place, member: string): Place {
  const step = `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const nesting = place.nesting + 1;
  if (place.within === undefined) return { ...place, path: place.path + step, nesting };
  return { ...place, within: place.within + step, nesting };
}

function fail(
  walk: Walk,
  value: unknown,
  place: Place,
  code: DocumentFaultCode,
  form: DocumentForm = 'unknown',
): DocumentForm {
  if (isFull(walk)) return form;
  const { path, within, definitions } = place;
  const { title, hint } = documentFaults[code];
  const fault: Fault = { code, severity: 'error', pointer: path, message: title, hint };
  walk.items.push({ path, within, value, definitions, fault });
  return form;
}
