import type { Principal } from '@cadf-pipeline/service-kit';

import type { Entity, Kind } from './entities.ts';
import { shownDestination } from './export-destination.ts';
import { shownFeed } from './feed.ts';
import { shownFederation } from './federation-keys.ts';
import { shownImportFrom } from './import-definition.ts';
import { shownSink } from './shown-sink.ts';

/**
 * What was done. `revoke` is for keys; for subscriptions, schedules and imports: `disable` and `enable` are pause and resume, `start`
 * is a replay, `renew` a rotation of the secret or of the key that signs; `stop` is for exports that are cancelled.
 */
export type ControlAction =
  | 'create'
  | 'update'
  | 'delete'
  | 'revoke'
  | 'disable'
  | 'enable'
  | 'start'
  | 'stop'
  | 'renew';

/** One change of the control state, or the attempt. */
export interface ControlChange {
  /** Id of the event; the same for the attempt (`pending`) and its end. */
  readonly eventId: string;
  /** Milliseconds since 1970 UTC. */
  readonly timeMs: number;
  readonly action: ControlAction;
  readonly outcome: 'pending' | 'success' | 'failure';
  readonly kind: Kind;
  readonly id: string;
  /** What it was before, and what it is to be. */
  readonly before?: Entity | undefined;
  readonly after?: Entity | undefined;
  readonly principal: Pick<Principal, 'id' | 'name'>;
  /** Where the call came from. */
  readonly remoteAddress?: string;
  /** HTTP status and code of a failure. */
  readonly failure?: { readonly status: number; readonly code: string };
}

/** A CADF event as written to the stream. */
export type ControlChangeEvent = Readonly<Record<string, unknown>> & { readonly id: string };

/** DSP0262 A.2: tenants, sources, rules, queries, subscriptions, exports, schedules and imports extend the nearest standard node. */
const TARGET_TYPE: Readonly<Record<Kind, string>> = {
  key: 'data/security/credential',
  tenant: 'data/security/account/tenant',
  source: 'data/security/node/source',
  rule: 'data/security/policy/rule',
  query: 'data/template/query',
  subscription: 'data/message/stream/subscription',
  export: 'data/workload/job/export',
  schedule: 'data/template/schedule',
  feed: 'data/message/stream/feed',
  federation: 'data/security/key',
  import: 'data/workload/job/import',
};

const HTTP_STATUS = 'http://www.iana.org/assignments/http-status-codes/http-status-codes.xml';
/** `contentType` of an attachment that is JSON. */
export const JSON_TYPE = 'http://www.iana.org/assignments/media-types/application/json';

/**
 * The CADF event (DSP0262 6.6.1, profile `strict`) of a change to the control state: the principal is the
 * initiator, the thing the target, this system the observer. What it was and is are attachments; hashes of keys
 * and secrets of subscriptions, exports, imports and this deployment are left out, and of a private query all that its owner wrote.
 */
export function controlChangeEvent(change: ControlChange): ControlChangeEvent {
  const { before, after, failure, remoteAddress } = change;
  const attachments = [attachment('before', before), attachment('after', after)].flat();
  const name = nameOf(after ?? before);
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: change.eventId,
    eventType: 'activity',
    // CADF wants an offset; `Z` is not one.
    eventTime: new Date(change.timeMs).toISOString().replace('Z', '+00:00'),
    action: change.action,
    outcome: change.outcome,
    initiator: {
      id: change.principal.id,
      typeURI: 'data/security/account',
      name: change.principal.name,
      ...(remoteAddress === undefined ? {} : { host: { address: remoteAddress } }),
    },
    target: {
      id: change.id,
      typeURI: TARGET_TYPE[change.kind],
      ...(name === undefined ? {} : { name }),
    },
    observer: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline control' },
    ...(failure === undefined
      ? {}
      : {
          reason: {
            reasonType: HTTP_STATUS,
            reasonCode: String(failure.status),
            policyType: '/docs/errors',
            policyId: failure.code,
          },
        }),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

/** Whose auditors are to see a change, beside the provider's: the tenants of the thing, before and after. */
export function tenantsOfChange({ kind, id, before, after }: ControlChange): readonly string[] {
  if (kind === 'tenant') return [id];
  const sets = [before, after].map((entity) =>
    entity === undefined || !('tenants' in entity) || isPrivate(entity) ? [] : entity.tenants,
  );
  // A key for all tenants is the provider's own matter.
  return [
    ...new Set(sets.flatMap((tenants) => (tenants === '*' || tenants === undefined ? [] : tenants))),
  ].toSorted();
}

function nameOf(entity: Entity | undefined): string | undefined {
  return entity !== undefined && 'name' in entity && !isPrivate(entity) ? entity.name : undefined;
}

function attachment(name: string, entity: Entity | undefined): readonly object[] {
  if (entity === undefined) return [];
  return [{ name, contentType: JSON_TYPE, content: withoutSecrets(entity) }];
}

function withoutSecrets(entity: Entity): object {
  if ('sink' in entity) return { ...entity, sink: shownSink(entity.sink) };
  if ('destination' in entity) return { ...entity, destination: shownDestination(entity.destination) };
  if ('redactionKey' in entity) return shownFeed(entity);
  if ('keys' in entity) return shownFederation(entity);
  if ('from' in entity && typeof entity.from === 'object')
    return { ...entity, from: shownImportFrom(entity.from) };
  const { hash: _hash, ...content } = { hash: undefined, ...withoutPrivate(entity) };
  return content;
}

function isPrivate(entity: Entity): boolean {
  return 'sharing' in entity && entity.sharing === 'private';
}

/** Auditors see that a private query was saved, and by whom; what it asks stays its owner's. */
function withoutPrivate(entity: Entity): object {
  if (!('sharing' in entity) || !isPrivate(entity)) return entity;
  const { created, id, owner, sharing, tenants } = entity;
  return { id, owner, sharing, tenants, created };
}

/** Whose the event of a thing is: of the tenants it names; of what reaches all, the provider's alone. */
export function namedTenants({ tenants }: { readonly tenants: '*' | readonly string[] }): readonly string[] {
  return tenants === '*' ? [] : tenants;
}
