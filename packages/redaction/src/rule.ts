import { Type } from 'typebox';
import type { Static } from 'typebox';
import { maxFilterBytes } from '@cadf-pipeline/event-filter';

/** What is done to the values at a rule's paths; what each means is in docs/redaction.md. */
export const RedactionAction = Type.Union([
  Type.Literal('remove'),
  Type.Literal('mask'),
  Type.Literal('hash'),
  Type.Literal('generalise'),
]);
export type RedactionAction = Static<typeof RedactionAction>;

/** Which values of which events are not to be seen, and what stands in their place. */
export const RedactionRule = Type.Object(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description: 'Names the rule, also in the events that it changed: let it tell nothing that is secret.',
    }),
    action: RedactionAction,
    paths: Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
      maxItems: 64,
      description: 'Members of the event as the filter language names them, such as `initiator/name`.',
    }),
    where: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: maxFilterBytes,
        description: 'Filter: only events that pass are changed by this rule; all events without it.',
      }),
    ),
    ipv4Prefix: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 31,
        description: 'Bits that `generalise` keeps of IPv4 addresses; 24 unless said.',
      }),
    ),
    ipv6Prefix: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 127,
        description: 'Bits that `generalise` keeps of IPv6 addresses; 48 unless said.',
      }),
    ),
    everyAddress: Type.Optional(
      Type.Boolean({
        description: '`generalise` acts on each text of the event that is an IP address, besides the paths.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RedactionRule = Static<typeof RedactionRule>;

/** The order says nothing: where several rules meet in a value, the strictest acts. */
export const RedactionRules = Type.Array(RedactionRule, { maxItems: 30 });
export type RedactionRules = Static<typeof RedactionRules>;
