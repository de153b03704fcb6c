/** The body that changes a subscription: what it names is replaced as a whole, null takes away, all else stays. */
import {
  BatchSettings,
  KafkaFormat,
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
import type { Static, TSchema } from 'typebox';
import { KafkaSasl, KafkaTls, SyslogCa } from './new-subscription.ts';

const orNull = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));
const { filter, name } = subscriptionContent;

/** Names of formats, of all types. */
export const FORMATS = [...new Set([...WebhookFormat.enum, ...KafkaFormat.enum, ...SyslogFormat.enum])];

export const ChangedSubscription = Type.Object(
  {
    name: orNull(name),
    filter: orNull(filter),
    paused: Type.Optional(Type.Boolean({ description: 'Whether nothing is delivered for now' })),
    format: orNull(Type.Enum(FORMATS, { description: 'One of its type' })),
    batch: orNull(BatchSettings),
    url: Type.Optional(WebhookUrl),
    tls: orNull(KafkaTls),
    sasl: orNull(KafkaSasl),
    host: Type.Optional(SyslogHost),
    port: Type.Optional(SyslogPort),
    transport: Type.Optional(SyslogTransport),
    ca: orNull(SyslogCa),
    maxMessageBytes: orNull(SyslogMessageBytes),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    examples: [{ filter: "outcome = 'failure' and action within 'authenticate'", batch: null }],
  },
);
export type ChangedSubscription = Static<typeof ChangedSubscription>;
