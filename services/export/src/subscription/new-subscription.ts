/** The body that makes a subscription: flat, of one of three forms, which `type` names. */
import {
  BatchSettings,
  KafkaBrokers,
  KafkaFormat,
  KafkaTopic,
  SaslMechanism,
  subscriptionContent,
  SyslogFormat,
  SyslogHost,
  SyslogMessageBytes,
  SyslogPort,
  SyslogTransport,
  WebhookFormat,
  WebhookUrl,
} from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const pem = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 16_384, description }));
const batch = Type.Optional(BatchSettings);

/** Where to begin: one of both, or neither, which is now. */
export const startMembers = {
  from: Type.Optional(
    Type.String({
      maxLength: 64,
      description:
        'A time with its zone: all stored events whose eventTime is at or after it, in the order of acceptance, then everything that comes',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 65_536,
      description:
        'A place that a stream or a delivery for the same filter, tenant and source gave: what comes after it',
    }),
  ),
};

/** 24 to 64 bytes. */
export const GivenSecret = Type.String({
  minLength: 24,
  maxLength: 100,
  description:
    'The key of the HMAC signatures (`v1`): `whsec_` and base64, or text, of 24 to 64 bytes. Left out: a new one is made',
});

export const KafkaTls = Type.Object(
  {
    ca: pem('PEM: the authorities a broker is believed from; left out: those that Node.js knows'),
    cert: pem('PEM: the certificate to be known by, with `key`'),
    key: pem('PEM: the private key of `cert`. Never shown'),
  },
  { ...closed, description: 'TLS to the brokers; `{}` for TLS without more' },
);
export const KafkaSasl = Type.Object(
  {
    mechanism: SaslMechanism,
    username: Type.String({ minLength: 1, maxLength: 256, description: 'The user of the brokers' }),
    password: Type.String({ minLength: 1, maxLength: 1024, description: 'Never shown' }),
  },
  { ...closed, description: 'How to prove who writes' },
);
export const SyslogCa = pem(
  'PEM: the authorities the receiver is believed from; left out: those that Node.js knows',
);

const NewWebhook = Type.Object(
  {
    type: Type.Literal('webhook'),
    ...subscriptionContent,
    ...startMembers,
    url: WebhookUrl,
    secret: Type.Optional(GivenSecret),
    format: Type.Optional(WebhookFormat),
    batch,
  },
  { ...closed, title: 'Webhook', description: 'Batches by HTTP POST, signed (Standard Webhooks)' },
);
const NewKafka = Type.Object(
  {
    type: Type.Literal('kafka'),
    ...subscriptionContent,
    ...startMembers,
    topic: KafkaTopic,
    brokers: Type.Optional(KafkaBrokers),
    tls: Type.Optional(KafkaTls),
    sasl: Type.Optional(KafkaSasl),
    format: Type.Optional(KafkaFormat),
    batch,
  },
  { ...closed, title: 'Kafka', description: 'Records of a topic' },
);
const NewSyslog = Type.Object(
  {
    type: Type.Literal('syslog'),
    ...subscriptionContent,
    ...startMembers,
    host: SyslogHost,
    port: SyslogPort,
    transport: SyslogTransport,
    ca: SyslogCa,
    format: SyslogFormat,
    maxMessageBytes: Type.Optional(SyslogMessageBytes),
    batch,
  },
  { ...closed, title: 'Syslog', description: 'RFC 5424 messages, for SIEMs' },
);

export type NewWebhook = Static<typeof NewWebhook>;
export type NewKafka = Static<typeof NewKafka>;
export type NewSyslog = Static<typeof NewSyslog>;
export type NewSubscription = NewWebhook | NewKafka | NewSyslog;

/** A union by `type`, so that each fault is one of the form that was meant. */
export const NewSubscription = Type.Unsafe<NewSubscription>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [NewWebhook, NewKafka, NewSyslog],
  examples: [
    {
      type: 'webhook',
      name: 'Failures to the SOC',
      url: 'https://soc.example/cadf',
      filter: "outcome = 'failure'",
      from: '2026-11-01T00:00:00Z',
      format: 'cadf-json',
      batch: { maxEvents: 500, maxWaitMs: 1000 },
    },
    {
      type: 'kafka',
      topic: 'audit.events',
      brokers: ['kafka.example:9093'],
      tls: {},
      sasl: { mechanism: 'scram-sha-512', username: 'cadf', password: 'EXAMPLE' },
      tenant: 'project-a',
    },
    {
      type: 'syslog',
      host: 'siem.example',
      port: 6514,
      transport: 'tls',
      format: 'cef',
      maxMessageBytes: 8192,
    },
  ],
});
