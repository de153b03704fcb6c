/** How the brokers of Kafka sources are spoken to: a matter of the deployment, never of a source's registration. */
import type { KafkaSasl, KafkaStreamOptions } from '@cadf-pipeline/event-stream';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const Security = Type.Record(
  Type.String({ maxLength: 300 }),
  Type.Object(
    {
      tls: Type.Optional(
        Type.Union([
          Type.Boolean(),
          Type.Object(
            {
              ca: Type.Optional(Type.String()),
              cert: Type.Optional(Type.String()),
              key: Type.Optional(Type.String()),
              servername: Type.Optional(Type.String()),
            },
            { additionalProperties: false },
          ),
        ]),
      ),
      sasl: Type.Optional(
        Type.Object(
          {
            mechanism: Type.Union([
              Type.Literal('plain'),
              Type.Literal('scram-sha-256'),
              Type.Literal('scram-sha-512'),
            ]),
            username: Type.String(),
            password: Type.String(),
          },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
);

export interface BrokerSecurity {
  readonly tls?: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: KafkaSasl;
}

/** By `host:port`. */
export type KafkaSecurity = ReadonlyMap<string, BrokerSecurity>;

/** Reads the setting; a fault is the end of a sentence that begins with its name, and tells nothing of the text. */
export function readKafkaSecurity(
  text: string | undefined,
): { readonly security: KafkaSecurity } | { readonly fault: string } {
  if (text === undefined) return { security: new Map() };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'is no JSON' };
  }
  if (Value.Check(Security, value)) return { security: new Map(Object.entries(value)) };
  const [error] = Value.Errors(Security, value);
  return { fault: `is not as described at ${error?.instancePath ?? '/'}` };
}

/**
 * What to connect to for the brokers a source names. A fault, for a person, where one of them is not allowed: whoever
 * may register sources must not make this process connect anywhere else.
 */
export function connectionFor(
  brokers: readonly string[],
  allowed: readonly string[],
  security: KafkaSecurity,
): { readonly options: KafkaStreamOptions } | { readonly fault: string } {
  const foreign = brokers.find((broker) => !allowed.includes(broker));
  if (foreign !== undefined)
    return { fault: `broker ${foreign} is none of CADF_KAFKA_SOURCES_BROKERS (${allowed.join(', ')})` };
  const known = brokers.map((broker) => security.get(broker)).find((found) => found !== undefined);
  return {
    options: {
      brokers,
      clientId: 'cadf-pipeline-source',
      ...(known?.tls === undefined ? {} : { tls: known.tls }),
      ...(known?.sasl === undefined ? {} : { sasl: known.sasl }),
    },
  };
}
