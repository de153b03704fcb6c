/**
 * A managed subscription, as JSON Schema: whose, what of the events, and where they are carried. How far it has come is
 * not here: that is written by who delivers.
 */
import { keyOwner } from './key-owner.ts';
import { maxFilterBytes } from '@cadf-pipeline/event-filter';
import Type from 'typebox';
import type { Static } from 'typebox';

/** Subscriptions of one owner. */
export const MAX_SUBSCRIPTIONS_OF_ONE = 200;

/** Bytes of one as JSON: each is in the memory of every process. */
export const MAX_SUBSCRIPTION_BYTES = 64 * 1024;

/** Secrets of a webhook that sign at the same time: the newest, and those that were rotated out and have not expired. */
export const MAX_WEBHOOK_SECRETS = 4;

/** AES-256-GCM, base64url; opened by the export service alone. */
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]{1,49152}$' });
const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
  description: 'RFC 3339, UTC',
});
const Pem = Type.String({ minLength: 1, maxLength: 16_384, description: 'PEM, one certificate or several' });
const closed = { additionalProperties: false } as const;

/**
 * Where a subscription does not say it. Half a MiB, so that a whole batch is within the body of a MiB that servers before
 * receivers take by default.
 */
export const BATCH_DEFAULTS = { maxEvents: 500, maxBytes: 512 * 1024, maxWaitMs: 250 } as const;

export const BatchSettings = Type.Object(
  {
    maxEvents: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: `Most events of one batch; default ${BATCH_DEFAULTS.maxEvents}`,
      }),
    ),
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        maximum: 16 * 1024 * 1024,
        description: `Most bytes of the events of one batch; default ${BATCH_DEFAULTS.maxBytes}. One event may exceed it`,
      }),
    ),
    maxWaitMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 60_000,
        description: `Milliseconds an event waits for others of its batch; default ${BATCH_DEFAULTS.maxWaitMs}`,
      }),
    ),
  },
  { ...closed, description: 'How many events are carried together' },
);
export type BatchSettings = Static<typeof BatchSettings>;
const batch = Type.Optional(BatchSettings);

export const WebhookFormat = Type.Enum(
  ['cadf-json', 'cadf-ndjson', 'cloudevents', 'cloudevents-batch'] as const,
  {
    description:
      'Of the body: `cadf-json` (default) an array of CADF events, `cadf-ndjson` one in each line, `cloudevents` one structured CloudEvent per request, `cloudevents-batch` an array of them',
  },
);
export type WebhookFormat = Static<typeof WebhookFormat>;

export const WebhookUrl = Type.String({
  maxLength: 2048,
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?://\\S{1,2040}$',
  description: 'Where batches are sent with POST; no user or password in it, no fragment',
});

/** What signs, sealed: `WebhookSecret` of the export service. */
export const SealedSecret = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    sealed: Sealed,
    publicKey: Type.String({
      pattern: '^whpk_[A-Za-z0-9+/]{43}=$',
      description: 'Of the Ed25519 signatures (`v1a`); the receiver checks them with it',
    }),
    created: Instant,
    /** Signs no more from then on; of one that was rotated out. */
    expires: Type.Optional(Instant),
  },
  closed,
);
export type SealedSecret = Static<typeof SealedSecret>;

export const WebhookTarget = Type.Object(
  {
    type: Type.Literal('webhook'),
    url: WebhookUrl,
    format: Type.Optional(WebhookFormat),
    batch,
    /** The newest first. */
    secrets: Type.Array(SealedSecret, { minItems: 1, maxItems: MAX_WEBHOOK_SECRETS }),
  },
  closed,
);
export type WebhookTarget = Static<typeof WebhookTarget>;

export const KafkaTopic = Type.String({
  pattern: '^(?!cadf\\.)(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}$',
  description: 'The topic that events are written to; it has to exist. None of the pipeline itself',
});
export const KafkaBrokers = Type.Array(
  Type.String({ pattern: '^(\\[[0-9A-Fa-f:]{2,45}\\]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}$' }),
  {
    minItems: 1,
    maxItems: 16,
    uniqueItems: true,
    description: 'Brokers to start from, `host:port`. Left out: the cluster of the pipeline',
  },
);
export const KafkaFormat = Type.Enum(['cadf', 'cloudevents'] as const, {
  description:
    'Of the records: `cadf` (default) the CADF event as JSON, `cloudevents` in binary mode with `ce_` headers',
});
export type KafkaFormat = Static<typeof KafkaFormat>;

export const SaslMechanism = Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512'] as const, {
  description: 'How the user is proved',
});
const certificates = { ca: Type.Optional(Pem), cert: Type.Optional(Pem) };

export const KafkaTarget = Type.Object(
  {
    type: Type.Literal('kafka'),
    topic: KafkaTopic,
    brokers: Type.Optional(KafkaBrokers),
    /** Spoken to by TLS where it is there. `ca` left out: the authorities that Node.js knows. */
    tls: Type.Optional(Type.Object(certificates, closed)),
    sasl: Type.Optional(
      Type.Object(
        { mechanism: SaslMechanism, username: Type.String({ minLength: 1, maxLength: 256 }) },
        closed,
      ),
    ),
    /** Sealed `KafkaCredentials` of the export service: the password, the private key. */
    credentials: Type.Optional(Sealed),
    format: Type.Optional(KafkaFormat),
    batch,
  },
  closed,
);
export type KafkaTarget = Static<typeof KafkaTarget>;

export const SyslogHost = Type.String({
  pattern: '^([0-9A-Fa-f:.]{2,45}|[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)$',
  description: 'Name or address of the receiver',
});
export const SyslogPort = Type.Integer({ minimum: 1, maximum: 65_535, description: 'Its port' });
export const SyslogTransport = Type.Enum(['tcp', 'tls'] as const, {
  description: '`tcp`: RFC 6587 with octet counting. `tls`: RFC 5425',
});
export const SyslogFormat = Type.Enum(['cef', 'json'] as const, {
  description: 'Of the message: `cef` for SIEMs, `json` the CADF event',
});
export type SyslogFormat = Static<typeof SyslogFormat>;

export const SyslogMessageBytes = Type.Integer({
  minimum: 1024,
  maximum: 1024 * 1024,
  description:
    'Most bytes of the message of one event, behind a header of a few hundred; default 65,536. A larger event is sent as its core (`json`) or cut (`cef`)',
});

export const SyslogTarget = Type.Object(
  {
    type: Type.Literal('syslog'),
    host: SyslogHost,
    port: SyslogPort,
    transport: SyslogTransport,
    /** Whom a certificate of the receiver is believed from; left out: the authorities that Node.js knows. */
    ca: Type.Optional(Pem),
    format: SyslogFormat,
    maxMessageBytes: Type.Optional(SyslogMessageBytes),
    batch,
  },
  closed,
);
export type SyslogTarget = Static<typeof SyslogTarget>;

/** Offset by partition. */
const Positions = Type.Record(
  Type.String({ pattern: '^[0-9]{1,6}$' }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  { maxProperties: 10_000 },
);

/** `TailPlace` of the tail, as JSON. */
export const StoredPlace = Type.Object(
  {
    next: Positions,
    backfill: Type.Optional(
      Type.Object(
        {
          fromMs: Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
          until: Positions,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type StoredPlace = Static<typeof StoredPlace>;

/** What of the events it gets, and how it is called. */
export const subscriptionContent = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'For people' })),
  filter: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: maxFilterBytes,
      description: 'As in GET /cadf/v1/events. Left out: all that the owner may see',
    }),
  ),
  tenant: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'Only events of this tenant, which the owner has to reach',
    }),
  ),
  source: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Only events of this source' }),
  ),
};

export const subscriptionMembers = {
  id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  ...subscriptionContent,
  owner: keyOwner('The API key that made it'),
  sink: Type.Union([WebhookTarget, KafkaTarget, SyslogTarget]),
  /** Where it begins, in its generation. */
  start: StoredPlace,
  /** From 1; one more with each replay: progress of an older one does not count. */
  generation: Type.Integer({ minimum: 1 }),
  /** From 0; one more with each resume: what was parked or ended before it goes on. */
  resumed: Type.Integer({ minimum: 0 }),
  paused: Type.Boolean(),
  created: Instant,
};
