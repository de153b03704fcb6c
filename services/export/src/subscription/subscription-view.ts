/** A subscription as it is answered: what its owner wrote, without secrets, and how far it has come. */
import {
  BatchSettings,
  KafkaBrokers,
  KafkaTopic,
  SaslMechanism,
  SealedSecret,
  shownSink,
  Subscription,
  subscriptionContent,
  SyslogHost,
  SyslogMessageBytes,
  SyslogPort,
  SyslogTransport,
} from '@cadf-pipeline/control-state';
import type { Versioned } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import { FORMATS } from './changed-subscription.ts';
import { DeliveryState } from './delivery-state.ts';
import type { DeliveryStateView } from './delivery-state.ts';

const { created, id, owner, paused } = Subscription.properties;
const { sealed: _sealed, ...shownSecret } = SealedSecret.properties;
const pem = Type.Optional(Type.String({ description: 'PEM' }));

/** Members of all types; which there are, `type` says. */
export const SubscriptionView = Type.Object(
  {
    id,
    type: Type.Enum(['webhook', 'kafka', 'syslog'] as const, { description: 'Where it carries events to' }),
    ...subscriptionContent,
    url: Type.Optional(
      Type.String({ description: 'Of a webhook; others than the owner are shown its origin alone' }),
    ),
    urlDigest: Type.Optional(
      Type.String({ description: 'SHA-256 of the whole URL, hex, for others than the owner' }),
    ),
    secrets: Type.Optional(
      Type.Array(Type.Object(shownSecret), {
        description:
          'Those that sign the requests of a webhook, the newest first; never the secrets themselves',
      }),
    ),
    topic: Type.Optional(KafkaTopic),
    brokers: Type.Optional(KafkaBrokers),
    tls: Type.Optional(Type.Object({ ca: pem, cert: pem }, { description: 'TLS to the brokers' })),
    sasl: Type.Optional(
      Type.Object(
        { mechanism: SaslMechanism, username: Type.String({ description: 'The user' }) },
        { description: 'How it is proved to the brokers who writes' },
      ),
    ),
    host: Type.Optional(SyslogHost),
    port: Type.Optional(SyslogPort),
    transport: Type.Optional(SyslogTransport),
    ca: pem,
    maxMessageBytes: Type.Optional(SyslogMessageBytes),
    format: Type.Optional(Type.Enum(FORMATS, { description: 'Left out: the default of its type' })),
    batch: Type.Optional(BatchSettings),
    owner: Type.Object(
      { kind: owner.properties.kind, id: owner.properties.id, name: owner.properties.name },
      { description: 'The API key that made it' },
    ),
    mine: Type.Boolean({ description: 'Whether the caller owns it, and so may change it' }),
    paused,
    generation: Type.Integer({ description: 'One more with each replay' }),
    delivery: DeliveryState,
    created,
    changed: Type.String({ description: 'RFC 3339, ms' }),
    version: Type.Integer({ description: 'The ETag' }),
  },
  { description: 'The subscription' },
);

/** The same with the secret: the answer to those who made it. */
export const ToldSubscription = Type.Object(
  {
    ...SubscriptionView.properties,
    secret: Type.Optional(
      Type.String({ description: 'Of the HMAC signatures of a webhook: shown now and never again' }),
    ),
    publicKey: Type.Optional(
      Type.String({ description: 'Of its Ed25519 signatures; also in `secrets`, the first' }),
    ),
  },
  { description: 'The subscription with its secret' },
);

export const subscriptionExample = {
  id: '6a0c4a56-5f0e-4d53-9a55-0d1f2ab0d6a1',
  type: 'webhook',
  name: 'Failures to the SOC',
  filter: "outcome = 'failure'",
  url: 'https://soc.example/cadf',
  format: 'cadf-json',
  batch: { maxEvents: 500, maxWaitMs: 1000 },
  secrets: [
    {
      id: '3f9a1b2c4d5e',
      publicKey: 'whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      created: '2026-11-01T12:00:00.000Z',
    },
  ],
  owner: { kind: 'key', id: '0123456789ab', name: 'SOC' },
  mine: true,
  paused: false,
  generation: 1,
  delivery: {
    state: 'active',
    delivered: 1234,
    lastDelivered: '2026-11-01T12:34:56.789Z',
    catchingUp: false,
    behindSeconds: 0,
  },
  created: '2026-11-01T12:00:00.000Z',
  changed: '2026-11-01T12:00:00.000Z',
  version: 1_793_534_400_000,
} as const;

export const toldExample = {
  ...subscriptionExample,
  secret: 'whsec_RVhBTVBMRUVYQU1QTEVFWEFNUExFRVhBTVBMRUVYQU1Q',
  publicKey: subscriptionExample.secrets[0].publicKey,
} as const;

/** As it is shown to its owner (`mine`) and to others. */
export function viewOf(
  { changedMs, entity, version }: Versioned<'subscription'>,
  mine: boolean,
  delivery: DeliveryStateView,
): object {
  const { owner: by, resumed: _resumed, sink, start: _start, tenants: _tenants, ...shown } = entity;
  const { id: ownerId, kind, name } = by;
  return {
    ...shown,
    ...(mine ? ownSink(sink) : shownSink(sink)),
    owner: { kind, id: ownerId, name },
    mine,
    delivery,
    changed: new Date(changedMs).toISOString(),
    version,
  };
}

function ownSink(sink: Subscription['sink']): object {
  return sink.type === 'webhook'
    ? { ...shownSink(sink), url: sink.url, urlDigest: undefined }
    : shownSink(sink);
}
