import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaSettings } from '../options.ts';
import { guardedContext } from './guarded-connections.ts';

const MECHANISM = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/** Milliseconds to wait for a connection, TLS and SASL included. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The settings in the words of @platformatic/kafka. */
export function connectionOptions(settings: KafkaSettings): BaseOptions {
  const { sasl, tls, guard } = settings;
  return {
    clientId: settings.clientId,
    bootstrapBrokers: [...settings.brokers],
    connectTimeout: Math.min(CONNECT_TIMEOUT_MS, settings.requestTimeoutMs),
    requestTimeout: settings.requestTimeoutMs,
    autocreateTopics: false,
    ...(guard === undefined ? {} : { context: guardedContext(guard) }),
    retries: 2,
    retryDelay: 250,
    ...(tls === undefined ? {} : { tls, tlsServerName: tls.servername ?? true }),
    ...(sasl === undefined
      ? {}
      : { sasl: { mechanism: MECHANISM[sasl.mechanism], username: sasl.username, password: sasl.password } }),
  };
}
