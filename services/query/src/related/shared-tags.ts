/**
 * Tags by which several events are of one thing: of one operation or request (`correlation`), or of one log-in
 * (`session`). `[//namespace/]name?value=value` (DSP0262 6.1.7), the names as this pipeline's sources and OpenStack's
 * middleware write them.
 */

const OPERATIONS: ReadonlySet<string> = new Set([
  'operation',
  'op',
  'op-id',
  'job',
  'parent-job',
  'nested-job',
]);
/** A request goes through several services, which each have their own source. */
const REQUESTS: ReadonlySet<string> = new Set([
  'request', 'request_id', 'global-request', 'global_request_id', 'correlation_id',
]); // prettier-ignore
const OTHERS: ReadonlySet<string> = new Set(['correlation', 'correlation-id', 'trackid', 'message', 'chain']);
const SESSIONS: ReadonlySet<string> = new Set(['session', 'session-id', 'session_id']);

const MAX_TAGS = 50;
const MAX_VALUE = 1024;

/** Tags that an event of the same operation or request has; at most some hundreds. */
export function correlationTags(tags: readonly string[]): string[] {
  return [...new Set(tags.slice(0, MAX_TAGS).flatMap(sameCorrelation))];
}

export function sessionTags(tags: readonly string[]): string[] {
  return tags.slice(0, MAX_TAGS).filter((tag) => SESSIONS.has(readTag(tag)?.name ?? ''));
}

/** Tags of the same request, whichever service wrote them. */
export function requestTags(request: string): string[] {
  const value = encodeURIComponent(request.toWellFormed());
  return [
    'correlation_id',
    '//openstack-notifications/request',
    '//openstack-notifications/global-request',
    '//openstack-nova/request',
  ].map((name) => `${name}?value=${value}`);
}

function sameCorrelation(tag: string): string[] {
  // Keystone's middleware wrote a colon for a while.
  if (tag.startsWith('correlation_id:')) return [tag];
  const { name, namespace, value } = readTag(tag) ?? { name: '', namespace: '', value: '' };
  if (REQUESTS.has(name)) return [tag, ...requestTags(decoded(value))];
  if (OTHERS.has(name)) return [tag];
  if (!OPERATIONS.has(name)) return [];
  // A job is its own operation, and names those it belongs to.
  return [...OPERATIONS].map((other) => `${namespace}${other}?value=${value}`);
}

function readTag(tag: string): { namespace: string; name: string; value: string } | undefined {
  const at = tag.indexOf('?value=');
  if (at < 0 || tag.length > MAX_VALUE) return undefined;
  const nameAt = tag.lastIndexOf('/', at) + 1;
  const value = tag.slice(at + '?value='.length);
  return value === '' ? undefined : { namespace: tag.slice(0, nameAt), name: tag.slice(nameAt, at), value };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
