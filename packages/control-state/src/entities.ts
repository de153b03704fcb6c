/** What the control state holds, as JSON Schema with the type derived from it. */

import Type from 'typebox';
import type { Static, TSchema } from 'typebox';

import { KEY_ID_PATTERN, ROLES } from '@cadf-pipeline/service-kit';
import { exportMembers, scheduleMembers } from './export-job.ts';
import { feedMembers } from './feed.ts';
import { FederationKeys } from './federation-keys.ts';
import { importMembers } from './import-definition.ts';
import { NAME_ID_PATTERN } from './name-id.ts';
import { PollDefinition } from './poll-definition.ts';
import { savedQueryContent } from './saved-query.ts';
import { subscriptionMembers } from './subscription.ts';

/** RFC 3339 with seconds and an offset. */
const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'RFC 3339 with seconds and an offset',
});

/**
 * A tenant id is what events hold (an OpenStack project id, an account number): any text without control
 * characters, not blank at an end, up to 256 characters. `*` is no tenant: it stands for all of them.
 */
export const TENANT_ID_PATTERN =
  '^(?!\\*$)[^\\u0000-\\u0020\\u007f]([^\\u0000-\\u001f\\u007f]{0,254}[^\\u0000-\\u0020\\u007f])?$';

export const TenantId = Type.String({
  pattern: TENANT_ID_PATTERN,
  description: 'Id of a tenant, as events hold it',
});
const Name = Type.String({ minLength: 1, maxLength: 256, description: 'For people' });
const Role = Type.Enum([...ROLES]);

/** Tenants a key reaches: `*` is all, and what is routed to none. */
export const TenantSet = Type.Union([
  Type.Literal('*'),
  Type.Array(TenantId, { maxItems: 1000, uniqueItems: true }),
]);

/** An API key. The token itself is never stored. */
export const ApiKey = Type.Object({
  id: Type.String({ pattern: KEY_ID_PATTERN }),
  name: Name,
  hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the token, hex' }),
  roles: Type.Array(Role, { uniqueItems: true, maxItems: ROLES.length }),
  tenants: TenantSet,
  source: Type.Optional(
    Type.String({ pattern: NAME_ID_PATTERN, description: 'The only source it submits as' }),
  ),
  created: Instant,
  expires: Type.Optional(Instant),
  revoked: Type.Optional(Instant),
});
export type ApiKey = Static<typeof ApiKey>;

/** A tenant as people know it. Events may name tenants that are not registered. */
export const Tenant = Type.Object({
  id: TenantId,
  name: Name,
  description: Type.Optional(Type.String({ maxLength: 4096 })),
});
export type Tenant = Static<typeof Tenant>;

/** Who emits, and how its records are read. */
export const SourceDefinition = Type.Object({
  id: Type.String({ pattern: NAME_ID_PATTERN }),
  type: Type.String({
    pattern: '^[a-z][a-z0-9-]{0,63}$',
    description: 'Source type: `cadf`, `libvirt-audit`, …',
  }),
  name: Name,
  tenants: Type.Optional(
    Type.Array(TenantId, {
      maxItems: 32,
      uniqueItems: true,
      description:
        'Tenants of its events for which no rule finds one; a key bound to tenants may use the source only when it reaches all of these',
    }),
  ),
  profile: Type.Optional(
    Type.Union([
      Type.Literal('strict'),
      Type.Literal('openstack'),
      Type.Literal('ibm'),
      Type.Literal('lenient'),
    ]),
  ),
  settings: Type.Optional(
    Type.Record(Type.String({ maxLength: 128 }), Type.Unknown(), {
      description: 'What its type understands',
    }),
  ),
  follow: Type.Optional(
    Type.Object(
      {
        path: Type.String({
          minLength: 1,
          maxLength: 4096,
          pattern: '^/',
          description:
            'Absolute path of a file, or of files: `*`, `?` and `[a-z]` in names, `**` once for any directories',
        }),
        start: Type.Optional(
          Type.Union([Type.Literal('beginning'), Type.Literal('end')], {
            description: 'Where a file that is there at the first start is begun; default `beginning`',
          }),
        ),
        rotated: Type.Optional(
          Type.Boolean({
            description:
              'Whether what was rotated before the first start is read too, oldest first; default false',
          }),
        ),
        whole: Type.Optional(
          Type.Boolean({
            description:
              'Whether each file is a document that is written anew as a whole (a job file, an export) and is read so when it changed; default false: lines are added to it',
          }),
        ),
        maxFiles: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 10_000,
            description: 'Most files of a pattern that are followed; default 1000',
          }),
        ),
      },
      { description: 'Files to read and to follow as they grow' },
    ),
  ),
  listen: Type.Optional(
    Type.Object(
      {
        syslog: Type.Array(
          Type.String({
            pattern: '^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$',
            description: 'An address or a subnet: `192.0.2.7`, `2001:db8::/32`',
          }),
          {
            minItems: 1,
            maxItems: 1000,
            description:
              'Senders of syslog whose records are its; of several sources, that of the longest prefix',
          },
        ),
      },
      { additionalProperties: false, description: 'What of the listeners of this deployment is its' },
    ),
  ),
  kafka: Type.Optional(
    Type.Object(
      {
        topic: Type.String({
          pattern: '^(?!cadf\\.)[A-Za-z0-9._-]{1,249}$',
          description: 'The topic of raw records; none of the pipeline itself',
        }),
        brokers: Type.Optional(
          Type.Array(
            Type.String({ pattern: '^(\\[[0-9A-Fa-f:]{2,45}\\]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}$' }),
            {
              minItems: 1,
              maxItems: 16,
              uniqueItems: true,
              description:
                'Brokers to start from, `host:port`, each of CADF_KAFKA_SOURCES_BROKERS. Left out: the cluster of the pipeline. How they are spoken to, the deployment knows',
            },
          ),
        ),
        group: Type.Optional(
          Type.String({
            pattern: '^(?!cadf-)[A-Za-z0-9._-]{1,200}$',
            description: 'Consumer group; default `cadf-source-<id>`',
          }),
        ),
        field: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 256,
            description:
              'Where the record is in a JSON value: a member, or members with dots between; `.`: the value itself is the record. Default: the first of `message`, `log`, `MESSAGE`, `msg`, `event.original`',
          }),
        ),
        hostField: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 256,
            description: 'Where the host is; default: `host`, `hostname`, `host.name`, `_HOSTNAME`',
          }),
        ),
      },
      { additionalProperties: false, description: 'A Kafka topic to read raw records from' },
    ),
  ),
  poll: Type.Optional(PollDefinition),
  silentAfterSeconds: Type.Optional(
    Type.Integer({
      minimum: 10,
      maximum: 31_536_000,
      description:
        'Nothing from it for so long is worth an event of the system (action `monitor`); left out: never',
    }),
  ),
});
export type SourceDefinition = Static<typeof SourceDefinition>;

/** One place in an event where a tenant may be found. */
export const TenantRule = Type.Object({
  id: Type.String({ pattern: NAME_ID_PATTERN }),
  path: Type.String({
    pattern: '^[^/\\u0000-\\u001f]{1,128}(/[^/\\u0000-\\u001f]{1,128}){0,15}$',
    description: 'Member names from the root of the event, with `/` between: `initiator/project_id`',
  }),
  source: Type.Optional(
    Type.String({ pattern: NAME_ID_PATTERN, description: 'Only for events of this source' }),
  ),
  sourceType: Type.Optional(
    Type.String({ maxLength: 64, description: 'Only for events of sources of this type' }),
  ),
  values: Type.Optional(
    Type.Record(Type.String({ maxLength: 1024 }), TenantId, {
      maxProperties: 10_000,
      description:
        'Tenant id by value; a value not listed finds none. Left out: the value itself is the tenant id',
    }),
  ),
  prefix: Type.Optional(
    Type.String({
      pattern: '^[^\\u0000-\\u0020\\u007f]{1,128}$',
      description: 'Put before the value: keeps equal ids of two clouds apart',
    }),
  ),
  why: Type.Optional(Type.String({ maxLength: 1024, description: 'The reason, for people' })),
});
export type TenantRule = Static<typeof TenantRule>;

/** A query that was given a name. */
export const SavedQuery = Type.Object({
  id: Type.String({ pattern: NAME_ID_PATTERN }),
  ...savedQueryContent,
  owner: Type.Object(
    {
      kind: Type.Union([Type.Literal('key'), Type.Literal('keystone')]),
      id: Type.String({ maxLength: 256 }),
      name: Type.String({ maxLength: 1024 }),
    },
    { description: 'The principal that saved it' },
  ),
  /** Of its owner, when it was saved last. */
  tenants: TenantSet,
  created: Instant,
});
export type SavedQuery = Static<typeof SavedQuery>;

/** Events that are carried to a receiver as they happen. */
export const Subscription = Type.Object({
  ...subscriptionMembers,
  /** Of its owner, when it was changed last by it: an admin that reaches all of them may see it. */
  tenants: TenantSet,
});
export type Subscription = Static<typeof Subscription>;

/** Events that are to be written to files. */
export const ExportJob = Type.Object({
  ...exportMembers,
  /** Whose events are in it, when it was asked for: it fails where its owner reaches one of them no more. */
  tenants: TenantSet,
});
export type ExportJob = Static<typeof ExportJob>;

/** Exports that are asked for at fixed times. */
export const ExportSchedule = Type.Object({
  ...scheduleMembers,
  /** Whose events are in its exports. */
  tenants: TenantSet,
});
export type ExportSchedule = Static<typeof ExportSchedule>;

/** Events that are given to somebody, segment by segment. */
export const Feed = Type.Object({
  ...feedMembers,
  /** Whose events are in it: it stops where its owner reaches one of them no more. */
  tenants: TenantSet,
});
export type Feed = Static<typeof Feed>;
/** What brings events in as files. */
export const ImportDefinition = Type.Object({
  ...importMembers,
  /** Whose events it may bring: those of its owner. `*`: of all, as the rules find them. */
  tenants: TenantSet,
  /** Of `routing: fixed` the tenants of all its events, else of those for which no rule finds one. */
  fallback: Type.Optional(Type.Array(TenantId, { maxItems: 32, uniqueItems: true })),
});
export type ImportDefinition = Static<typeof ImportDefinition>;

/** The kinds of things in the control state, by the word their record keys start with. */
export const SCHEMAS = {
  key: ApiKey,
  tenant: Tenant,
  source: SourceDefinition,
  rule: TenantRule,
  query: SavedQuery,
  subscription: Subscription,
  export: ExportJob,
  schedule: ExportSchedule,
  feed: Feed,
  federation: FederationKeys,
  import: ImportDefinition,
} satisfies Readonly<Record<string, TSchema>>;

export type Kind = keyof typeof SCHEMAS;
export type Entity<K extends Kind = Kind> = { [P in Kind]: Static<(typeof SCHEMAS)[P]> }[K];

/** Most things of a kind that are held; each is in the memory of every process. */
export const MAX_ENTITIES: Readonly<Record<Kind, number>> = {
  key: 100_000,
  tenant: 100_000,
  source: 10_000,
  rule: 1_000,
  query: 10_000,
  subscription: 10_000,
  export: 20_000,
  schedule: 5_000,
  feed: 2_000,
  federation: 1,
  import: 5_000,
};
