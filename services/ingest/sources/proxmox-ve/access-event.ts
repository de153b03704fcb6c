/**
 * Calls of the API from access.log. Reading is noise. Changes without a task have their only trace here; those with one
 * are kept too, because only this log tells the address.
 */
import { exactTime } from '../../src/normalize/event-time.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { qualifiedId, resource, service, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Outcome } from '../../src/source.ts';
import type { AccessLine } from './access-line.ts';
import type { ApiCall } from './api-call.ts';
import { readApiCall } from './api-call.ts';
import type { Draft, Entry } from './messages.ts';
import { noise, outcomeOf } from './messages.ts';
import { account } from './targets.ts';
import { tokenTags } from './task-event.ts';

const API = /^\/api2\/(json|extjs|htmljs|html|png|spiceconfig)\/([^?]{0,2000})/;
/** Calls a browser makes by itself that change nothing. */
const INTERNAL = new Set(['access/vncticket', 'access/openid/auth-url']);
const LOGIN = new Set(['access/ticket', 'access/openid/login']);

export function accessOutcome(entry: Entry, line: AccessLine): Outcome {
  const { method, status } = line;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
    return noise('http-read', entry, `${method} of the API`);
  const found = API.exec(line.path);
  if (found === null) return noise('http-other', entry, `${method} outside the API`);
  const [, format = '', path = ''] = found;
  const trimmed = path.replace(/\/$/, '');
  if (INTERNAL.has(trimmed)) return noise('http-internal', entry, `${method} ${trimmed}`);
  const base = baseOf(entry, line, method, trimmed);
  if (LOGIN.has(trimmed) && method === 'POST') {
    return outcomeOf('http-login', entry, {
      ...base,
      action: 'authenticate/login',
      outcome: loginOutcome(line, format),
      target: service(entry.place.node, 'proxmox-ve'),
    });
  }
  if (trimmed === 'access/ticket' && method === 'DELETE') {
    return outcomeOf('http-logout', entry, {
      ...base,
      action: 'authenticate/logout',
      outcome: isError(status) ? 'failure' : changeOutcome(line, format),
      target: service(entry.place.node, 'proxmox-ve'),
    });
  }
  const call = readApiCall(method, trimmed);
  return outcomeOf(call.isTask ? 'http-task' : 'http-change', entry, {
    ...base,
    action: call.action,
    outcome: isError(status) ? 'failure' : call.isTask ? 'pending' : changeOutcome(line, format),
    target: targetOf(entry, call),
  });
}

function baseOf(
  entry: Entry,
  line: AccessLine,
  method: string,
  path: string,
): Omit<Draft, 'action' | 'outcome' | 'target'> {
  const { place, header } = entry;
  const { address, user, status, epochMs } = line;
  return {
    identity: [place.node, 'access', header.message],
    time: exactTime(epochMs),
    initiator: user === undefined ? unknownInitiator(address) : account(place, user, address),
    observer: service(place.node, 'pveproxy'),
    name: `${method} ${path}`,
    reasonCode: `HTTP ${status}`,
    tags: user === undefined ? [] : tokenTags(user),
  };
}

function targetOf({ place, cluster }: Entry, { typeURI, id, name, node }: ApiCall): Draft['target'] {
  // What is below a node is qualified by it already; a guest as its tasks qualify it, which know its node only.
  const isBelowNode = id[0] === 'nodes' && id.length > 1;
  const parts = isBelowNode ? id.slice(1) : [cluster ?? node ?? place.node, ...id];
  return resource(typeURI, qualifiedId(...parts), name ?? id.at(-1));
}

function isError(status: number): boolean {
  return status >= 400 || status < 100;
}

/**
 * Where the answer is for ExtJS, the status is 200 also for errors, which are in the body only (pve-http-server,
 * Formatter/Standard.pm). `{"success":1,"data":null}` has 25 bytes; an error has at least 50.
 */
const LONGEST_EMPTY_ANSWER = 32;
/** A ticket alone is longer than this, an error is not. */
const SHORTEST_TICKET_ANSWER = 300;

function changeOutcome({ bytes }: AccessLine, format: string): EventOutcome {
  if (format !== 'extjs' && format !== 'htmljs') return 'success';
  return bytes !== undefined && bytes <= LONGEST_EMPTY_ANSWER ? 'success' : 'unknown';
}

function loginOutcome({ status, bytes }: AccessLine, format: string): EventOutcome {
  if (isError(status)) return 'failure';
  if (format !== 'extjs' && format !== 'htmljs') return 'success';
  return bytes !== undefined && bytes >= SHORTEST_TICKET_ANSWER ? 'success' : 'unknown';
}
