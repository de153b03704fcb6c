/**
 * A notification of oslo.messaging, taken out of what it came in: the envelope 2.0 (`oslo.message`, JSON in a string),
 * the bare message, the form listeners store (`ctxt`, `metadata`), a line of the log driver, a list of these.
 */
import { checkJsonDepth, isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';

export interface Notification {
  /** Empty where only a CADF event came. */
  readonly eventType: string;
  readonly publisher: string;
  readonly messageId: string | undefined;
  readonly timestamp: string | undefined;
  readonly priority: string;
  readonly context: NotificationContext;
  /** What a versioned notification wraps (`nova_object.data`) is taken out. */
  readonly payload: Members;
  /** The message whole. */
  readonly message: Members;
}

/** What the service knew of the request: `_context_*` of the message. */
export interface NotificationContext {
  readonly requestId: string | undefined;
  readonly globalRequestId: string | undefined;
  readonly userId: string | undefined;
  readonly userName: string | undefined;
  readonly projectId: string | undefined;
  readonly domainId: string | undefined;
  readonly address: string | undefined;
  /** There is a context, and it names no user: the service did it on its own. */
  readonly isInternal: boolean;
}

export type ReadNotifications =
  | { readonly notifications: readonly Notification[] }
  | { readonly code: string; readonly detail: string };

const MAX_NOTIFICATIONS = 10_000;
const NULLS = new Set(['', 'None', 'null', '-']);

/** `text`: JSON, perhaps behind the prefix of a log line. */
export function readNotifications(text: string): ReadNotifications {
  const start = jsonStart(text);
  if (start < 0)
    return {
      code: 'OPENSTACK_NOT_A_NOTIFICATION',
      detail: 'The record holds no JSON object. Send the messages of the notification queue as JSON.',
    };
  const json = start === 0 ? text : text.slice(start);
  const document = parseJson(json);
  if (document === undefined)
    return {
      code: 'OPENSTACK_JSON_BROKEN',
      detail: 'The JSON cannot be read, or is nested too deep. Send each message whole, as one JSON object.',
    };
  const values = Array.isArray(document) ? document : [document];
  if (values.length > MAX_NOTIFICATIONS)
    return {
      code: 'OPENSTACK_TOO_MANY',
      detail: `The record holds over ${MAX_NOTIFICATIONS} notifications. Send them one by one.`,
    };
  const notifications: Notification[] = [];
  for (const value of values) {
    const notification = toNotification(value);
    if (notification === undefined)
      return {
        code: 'OPENSTACK_NOT_A_NOTIFICATION',
        detail:
          'The JSON has neither event_type and payload, nor an oslo.message that holds them. Send the messages of the notification queue as they are.',
      };
    notifications.push(notification);
  }
  return { notifications };
}

/** Where the JSON begins: at the beginning, or behind the prefix of a log line. */
function jsonStart(text: string): number {
  const first = text.trimStart();
  if (first.startsWith('{') || first.startsWith('[{')) return text.length - first.length;
  return text.slice(0, 2048).indexOf('{"');
}

function parseJson(text: string): unknown {
  if (!checkJsonDepth(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function toNotification(value: unknown): Notification | undefined {
  const message = unwrap(value, 0);
  if (message === undefined) return undefined;
  const metadata = membersOf(message['metadata']);
  const payload = message['payload'];
  const isEvent = !isMembers(payload) && text(message['typeURI']) !== undefined;
  const content = isEvent ? message : membersOf(payload);
  return {
    eventType: isEvent ? '' : (text(message['event_type']) ?? ''),
    publisher: text(message['publisher_id']) ?? '',
    messageId: text(message['message_id']) ?? text(metadata['message_id']) ?? text(message['_unique_id']),
    timestamp: text(message['timestamp']) ?? text(metadata['timestamp']),
    priority: (text(message['priority']) ?? 'INFO').toUpperCase(),
    context: contextOf(message, content),
    payload: isMembers(content['nova_object.data']) ? flatObjects(content['nova_object.data'], 0) : content,
    message,
  };
}

/** Envelopes of the transport, and what tools put around a message that they store. */
function unwrap(value: unknown, depth: number): Members | undefined {
  const inner = typeof value === 'string' ? parseJson(value) : value;
  if (!isMembers(inner) || depth > 3) return undefined;
  if (typeof inner['event_type'] === 'string' && inner['payload'] !== undefined) return inner;
  for (const name of ['oslo.message', 'message', 'body', 'data', 'notification']) {
    const found = inner[name] === undefined ? undefined : unwrap(inner[name], depth + 1);
    if (found !== undefined) return found;
  }
  return typeof inner['typeURI'] === 'string' && inner['typeURI'].includes('schemas.dmtf.org')
    ? inner
    : undefined;
}

/** Members of the context: beside the others in the message, or in an object of their own. */
const PLACES = {
  requestId: placesOf(['request_id']),
  globalRequestId: placesOf(['global_request_id']),
  userId: placesOf(['user_id', 'user']),
  userName: placesOf(['user_name']),
  projectId: placesOf(['project_id', 'tenant_id', 'tenant']),
  domainId: placesOf(['user_domain', 'user_domain_id']),
  address: placesOf(['remote_address']),
};

type Places = readonly (readonly [inMessage: string, inContext: string])[];

function placesOf(names: readonly string[]): Places {
  return names.map((name) => [`_context_${name}`, name] as const);
}

function contextOf(message: Members, payload: Members): NotificationContext {
  const nested = membersOf(message['ctxt'] ?? message['context'] ?? message['_context']);
  const first = (places: Places): string | undefined => {
    for (const [inMessage, inContext] of places) {
      const found = text(message[inMessage]) ?? text(nested[inContext]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const hasContext = Object.hasOwn(message, '_context_request_id') || Object.keys(nested).length > 0;
  const object = membersOf(payload['nova_object.data']);
  const userId = first(PLACES.userId) ?? text(object['action_initiator_user']);
  return {
    requestId: first(PLACES.requestId) ?? text(object['request_id']),
    globalRequestId: first(PLACES.globalRequestId),
    userId,
    userName: first(PLACES.userName),
    projectId: first(PLACES.projectId) ?? text(object['action_initiator_project']),
    domainId: first(PLACES.domainId),
    address: first(PLACES.address),
    isInternal: hasContext && userId === undefined,
  };
}

/** Versioned objects inside versioned objects, without their wrapping. */
function flatObjects(object: Members, depth: number): Members {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    const data = isMembers(value) ? value['nova_object.data'] : undefined;
    flat[name] = isMembers(data) && depth < 8 ? flatObjects(data, depth + 1) : value;
  }
  return flat;
}

function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {};
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && !NULLS.has(value) ? value : undefined;
}
