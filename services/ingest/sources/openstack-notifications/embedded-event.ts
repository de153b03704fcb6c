/**
 * A CADF event inside a notification, as Keystone and the audit middleware send it: itself, unchanged where it is as the
 * standard has it; else put right, member by member, with what came attached.
 */
import {
  classifyAction,
  classifyOutcome,
  classifyResource,
  isMembers,
  toCanonicalEvent,
  unwrapDocument,
  validateEvent,
} from '@cadf-pipeline/cadf-model';
import type { CadfEvent, Fault, Members } from '@cadf-pipeline/cadf-model';
import { attachment } from '../../src/normalize/event-draft.ts';

export type EmbeddedEvent =
  | { readonly event: CadfEvent; readonly isChanged: boolean }
  | { readonly faults: readonly Fault[] };

const UNKNOWN = { id: 'unknown', typeURI: 'unknown' };
const ROLES = ['initiator', 'target', 'observer'] as const;
const SOURCE = 'openstack-notifications';

/** Whether a payload is a CADF event. */
export function isCadfEvent(payload: Members): boolean {
  if (typeof payload['typeURI'] !== 'string' && typeof payload['eventTime'] !== 'string') return false;
  const { form, items } = unwrapDocument(payload);
  return form === 'event' && items[0]?.fault === undefined;
}

/** `text`: of the record, without secrets, attached where the event is changed. */
export function embeddedEvent(payload: Members, text: string, publisher: string): EmbeddedEvent {
  if (errorsOf(payload).length === 0 && isStrict(payload)) return { event: payload, isChanged: false };
  const mended = mend(toCanonicalEvent(payload), publisher);
  const attachments: unknown = mended['attachments'];
  const tags: unknown = mended['tags'];
  const event = {
    ...mended,
    tags: [...(Array.isArray(tags) ? (tags as readonly unknown[]) : []), `//${SOURCE}/repaired?value=true`],
    attachments: [
      ...(Array.isArray(attachments) ? (attachments as readonly unknown[]) : []),
      attachment('record', 'application/json', text),
    ],
  };
  const faults = errorsOf(event);
  return faults.length === 0 && isStrict(event) ? { event, isChanged: true } : { faults };
}

function errorsOf(value: Members): readonly Fault[] {
  return validateEvent(value, 'strict').filter((fault) => fault.severity === 'error');
}

/** What `validateEvent` says, for the type checker. */
function isStrict(value: Members): value is Members & CadfEvent {
  return typeof value['id'] === 'string' && typeof value['action'] === 'string';
}

function mend(event: Members, publisher: string): Members {
  const mended: Record<string, unknown> = { ...event };
  const action = mended['action'];
  if (typeof action === 'string') mended['action'] = pathOf(action, classifyAction);
  const outcome = mended['outcome'];
  mended['outcome'] = typeof outcome === 'string' ? pathOf(outcome, classifyOutcome) : 'unknown';
  for (const role of ROLES) {
    if (mended[`${role}Id`] !== undefined) continue;
    const there = mended[role];
    mended[role] = isMembers(there) ? mendResource(there) : undefined;
  }
  // DSP2038: a resource that is only the name of another role stands for that one.
  for (const role of ROLES) mended[role] = resolved(mended, mended[role]) ?? absent(role, publisher);
  const steps: unknown = mended['reporterchain'];
  if (Array.isArray(steps)) mended['reporterchain'] = steps.map((step: unknown) => mendStep(mended, step));
  mendReason(mended);
  const tags: unknown = mended['tags'];
  if (Array.isArray(tags)) mended['tags'] = tags.filter((tag) => typeof tag === 'string' && isTag(tag));
  return Object.fromEntries(Object.entries(mended).filter(([, value]) => value !== undefined));
}

/** The value itself where the standard takes it. */
function pathOf(value: string, classify: typeof classifyAction): string {
  const { kind, canonical } = classify(value);
  if (kind === 'unknown-root' || kind === 'malformed') return 'unknown';
  return kind === 'alias' || kind === 'other-case' ? canonical : value;
}

function mendResource(resource: Members): Members {
  const { id, typeURI } = resource;
  if (typeURI === undefined && typeof id === 'string' && isRole(id)) return resource;
  const { credential, ...rest } = resource;
  // What is no credential to the standard stays in the message attached.
  const hasToken =
    isMembers(credential) && typeof credential['token'] === 'string' && credential['token'] !== '';
  return {
    ...rest,
    ...(hasToken ? { credential } : {}),
    id: typeof id === 'string' && id !== '' ? id : 'unknown',
    typeURI: typeof typeURI === 'string' ? pathOf(typeURI, classifyResource) : 'unknown',
  };
}

function resolved(event: Readonly<Record<string, unknown>>, resource: unknown): unknown {
  if (!isMembers(resource) || resource['typeURI'] !== undefined) return resource;
  const { id } = resource;
  const meant = typeof id === 'string' && isRole(id) ? event[id] : undefined;
  return isMembers(meant) && meant['typeURI'] !== undefined ? meant : { ...UNKNOWN };
}

function isRole(id: string): id is (typeof ROLES)[number] {
  return id === 'initiator' || id === 'target' || id === 'observer';
}

function absent(role: (typeof ROLES)[number], publisher: string): Members {
  if (role !== 'observer' || publisher === '') return { ...UNKNOWN };
  return { id: encodeURI(publisher.slice(0, 256).toWellFormed()), typeURI: 'service' };
}

function mendStep(event: Readonly<Record<string, unknown>>, step: unknown): unknown {
  if (!isMembers(step) || step['reporter'] === undefined) return step;
  const { reporter } = step;
  return { ...step, reporter: resolved(event, isMembers(reporter) ? mendResource(reporter) : reporter) };
}

/** A code needs the document it is of; Keystone writes a sentence there, which is kept. */
function mendReason(event: Record<string, unknown>): void {
  const reason = event['reason'];
  if (!isMembers(reason)) return;
  const { reasonCode, reasonType } = reason;
  if (typeof reasonCode === 'string' && typeof reasonType !== 'string')
    event['reason'] = { ...reason, reasonType: 'HTTP' };
  else if (typeof reasonCode !== 'string' && typeof reasonType === 'string')
    event['reason'] = { ...reason, reasonCode: reasonType };
}

function isTag(tag: string): boolean {
  return validateEvent({ tags: [tag] }, 'strict').every((fault) => !fault.pointer.startsWith('/tags'));
}
