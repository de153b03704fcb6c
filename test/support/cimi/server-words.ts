/** The words of real servers for what the simulated cloud has in the standard's (mapped from the list of their variations). */
import type { CimiValue, Resource } from './resource.ts';

type Members = Readonly<Record<string, CimiValue>>;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Numbers as texts, dates as C's ctime writes them, `delete` as a URI. */
export function deltacloudWords({ id, type, attributes }: Resource): Resource {
  const { cpu, created, operations, typeURI, ...rest } = attributes;
  return {
    id,
    type,
    attributes: {
      ...rest,
      ...(cpu === undefined ? {} : { cpu: String(cpu) }),
      ...(typeURI === undefined ? {} : { typeUri: typeURI }),
      ...(typeof created === 'string' ? { created: ctime(new Date(created)) } : {}),
      ...(type === 'Machine'
        ? { realm: { href: 'realms/eu' }, meters: [{ href: `meters/of-${wordOf(id)}` }] }
        : {}),
      ...(Array.isArray(operations) ? { operations: operations.map(withDeleteUri) } : {}),
    },
  };
}

function withDeleteUri(operation: CimiValue): CimiValue {
  const { rel, href } = operation as { readonly rel: string; readonly href: string };
  return rel === 'delete' ? { rel: 'http://schemas.dmtf.org/cimi/1/action/delete', href } : { rel, href };
}

function ctime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${WEEKDAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${clock} UTC ${date.getUTCFullYear()}`;
}

/** Actions as bare words, CANCELLED, names of enumerations in capitals. */
export function siroccoWords({ id, type, attributes }: Resource): Resource {
  if (type === 'Job')
    return { id, type, attributes: { ...attributes, ...jobWords(attributes, 'CANCELLED') } };
  const { outcome, severity } = attributes;
  return {
    id,
    type,
    attributes: {
      ...attributes,
      ...(typeof outcome === 'string' ? { outcome: outcome.toUpperCase() } : {}),
      ...(typeof severity === 'string' ? { severity: severity.toUpperCase() } : {}),
    },
  };
}

function jobWords({ action, state }: Members, stopped: string): Members {
  return { action: wordOf(action), state: state === 'STOPPED' ? stopped : String(state) };
}

/** Event types as short words, `Action` with a capital, an owner, fractions of a second without their last zeros. */
export function stratuslabWords({ id, type, attributes }: Resource): Resource {
  const words: Record<string, CimiValue> = {
    ...attributes,
    acl: { owner: { principal: 'ada', type: 'USER' }, rules: [] },
  };
  const { action, timestamp } = attributes;
  if (type === 'Job' && typeof action === 'string') words['action'] = action.replace('/action/', '/Action/');
  if (type === 'Event') words['type'] = shortType(attributes);
  if (typeof timestamp === 'string') words['timestamp'] = timestamp.replace(/00Z$/, 'Z');
  return { id, type, attributes: words };
}

function shortType({ type }: Members): string {
  const written = String(type);
  return written.includes('/cimi/') ? wordOf(written) : written;
}

/** Events tell a resource and a state alone; a job tells when it changed only with a message. */
export function slipstreamWords({ id, type, attributes }: Resource): Resource {
  if (type === 'Job') {
    const { timeOfStatusChange, statusMessage, parentJob, ...rest } = attributes;
    const seconds = (Date.parse(String(timeOfStatusChange)) - Date.parse(String(rest['created']))) / 1000;
    return {
      id,
      type,
      attributes: {
        ...rest,
        ...jobWords(attributes, 'STOPPED'),
        priority: 100,
        started: rest['created'] ?? '',
        duration: Math.floor(seconds),
        updated: timeOfStatusChange ?? '',
        ...(statusMessage === undefined
          ? {}
          : { statusMessage, timeOfStatusChange: timeOfStatusChange ?? '' }),
        ...(parentJob === undefined ? {} : { parentJob: hrefOf(parentJob) }),
      },
    };
  }
  if (type !== 'Event') return { id, type, attributes };
  const { content, outcome: _outcome, ...rest } = attributes;
  const inner = content as Members;
  const word = shortType(attributes);
  if (word.includes(':')) return { id, type, attributes };
  return {
    id,
    type,
    attributes: {
      ...rest,
      type: word === 'model' || word === 'access' ? 'action' : word,
      content: { resource: inner['resource'] ?? '', state: textOf(content) },
    },
  };
}

/** Categories, success, who it was; jobs that are CANCELED. */
export function nuvlaWords({ id, type, attributes }: Resource): Resource {
  if (type === 'Job') {
    const more = { executionMode: 'pull', version: 3 };
    return { id, type, attributes: { ...attributes, ...jobWords(attributes, 'CANCELED'), ...more } };
  }
  if (type !== 'Event') return { id, type, attributes };
  const { content, outcome, type: _type, contact: _contact, ...rest } = attributes;
  const inner = content as Members;
  const word = shortType(attributes);
  if (word.includes(':')) return { id, type, attributes };
  const category = categoryOf(word, inner);
  const user = String(inner['initiator'] ?? 'group/nuvla-admin');
  return {
    id,
    type,
    attributes: {
      ...rest,
      eventType: `${kindIn(inner)}.${textOf(content)}`,
      name: `${kindIn(inner)}.${textOf(content)}`,
      category,
      success: outcome !== 'Failure',
      content: {
        resource: inner['resource'] ?? '',
        ...(category === 'state' ? { state: textOf(content) } : {}),
      },
      authnInfo: { userId: user, activeClaim: user, claims: [user, 'group/nuvla-user'] },
    },
  };
}

const CHANGES: Readonly<Record<string, string>> = { create: 'add', update: 'edit', delete: 'delete' };

function categoryOf(word: string, content: Members): string {
  if (word === 'model') return CHANGES[textOf(content)] ?? 'edit';
  return word === 'access' ? 'action' : word;
}

function kindIn({ resource }: Members): string {
  return hrefOf(resource).split('/')[0] ?? '';
}

/** A vendor's own members beside the standard's. */
export function zimoryWords({ id, type, attributes }: Resource): Resource {
  if (type !== 'Machine') return { id, type, attributes };
  const own = { allocatedFrom: { href: 'pools/1' }, allocationSpecs: { guaranteed: true } };
  return { id, type, attributes: { ...attributes, ...own } };
}

function textOf(content: CimiValue | undefined): string {
  const inner = content as Members;
  return String(inner['state'] ?? inner['change'] ?? inner['operation'] ?? inner['code'] ?? '');
}

function hrefOf(reference: CimiValue | undefined): string {
  return typeof reference === 'object' ? String((reference as Members)['href'] ?? '') : '';
}

function wordOf(uri: CimiValue | undefined): string {
  const text = String(uri);
  return text.slice(text.lastIndexOf('/') + 1);
}
