/** Settings of the ways in for raw records over the network: syslog, Kafka topics, and normalizing what they bring. */
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';
import { readKafkaSecurity } from './kafka/kafka-security.ts';
import { parseListenAddress } from './listen-address.ts';

const MIB = 1024 ** 2;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const recordSettings = defineConfig({
  CADF_SYSLOG_UDP: {
    type: 'string',
    unit: 'host:port, or a port of loopback',
    description:
      'Where syslog is taken over UDP (RFC 5426). Unset: nowhere. What is lost is counted; prefer TCP or TLS.',
  },
  CADF_SYSLOG_TCP: {
    type: 'string',
    unit: 'host:port, or a port of loopback',
    description: 'Where syslog is taken over TCP (RFC 6587), lines and counted octets alike. Unset: nowhere.',
  },
  CADF_SYSLOG_TLS: {
    type: 'string',
    unit: 'host:port, or a port of loopback',
    description: 'Where syslog is taken over TLS (RFC 5425). Unset: nowhere.',
    relation: 'needs CADF_SYSLOG_TLS_CERT and CADF_SYSLOG_TLS_KEY',
  },
  CADF_SYSLOG_TLS_CERT: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Certificate of the syslog listener, and its chain.',
    relation: 'together with CADF_SYSLOG_TLS_KEY',
  },
  CADF_SYSLOG_TLS_KEY: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Key of that certificate.',
    relation: 'together with CADF_SYSLOG_TLS_CERT',
  },
  CADF_SYSLOG_TLS_CLIENT_CA: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Authority of the senders’ certificates. Set: senders without one of it are refused.',
    relation: 'with CADF_SYSLOG_TLS',
  },
  CADF_SYSLOG_SOURCE: {
    type: 'string',
    unit: 'id of a source',
    description:
      'Source of syslog senders that no source lists (`listen.syslog`). Unset: what they send becomes dead letters.',
  },
  CADF_SYSLOG_MAX_CONNECTIONS: {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 100_000,
    unit: 'connections',
    description:
      'Most open connections of each syslog listener; each may hold a message of CADF_MAX_EVENT in memory.',
  },
  CADF_SYSLOG_IDLE: {
    type: 'duration',
    default: 12 * HOUR_MS,
    min: 1000,
    max: 7 * 24 * HOUR_MS,
    description:
      'A syslog connection without a byte for so long is closed. A sender may lose its next message by that, so it is long; senders that are gone are noticed sooner.',
  },
  CADF_SYSLOG_UDP_BUFFER: {
    type: 'bytes',
    default: 4 * MIB,
    min: 64 * 1024,
    max: 1024 * MIB,
    description:
      'Receive buffer asked of the kernel for syslog over UDP; the system bounds it (net.core.rmem_max).',
  },
  CADF_SYSLOG_MAX_PENDING: {
    type: 'bytes',
    default: 16 * MIB,
    min: MIB,
    max: 1024 * MIB,
    description:
      'Bytes a syslog listener has read that are not durable yet, past which it stops reading (TCP, TLS) or loses datagrams (UDP).',
  },
  CADF_KAFKA_SOURCES_BROKERS: {
    type: 'list',
    unit: 'host:port',
    description:
      'Brokers of other clusters whose topics sources may name. The pipeline’s own cluster is always allowed.',
  },
  CADF_KAFKA_SOURCES_SECURITY: {
    type: 'secret',
    description:
      'How those brokers are spoken to, JSON by `host:port`: `{"b1:9093": {"tls": {"ca": "<PEM>", "cert": "<PEM>", "key": "<PEM>"}, "sasl": {"mechanism": "scram-sha-512", "username": "u", "password": "p"}}}`; `"tls": true` trusts public authorities.',
    relation: 'with CADF_KAFKA_SOURCES_BROKERS',
  },
  CADF_RECORDS_IDLE: {
    type: 'duration',
    default: MINUTE_MS,
    min: 100,
    max: HOUR_MS,
    description:
      'A sender silent for so long has said all: records of its that wait for others to be complete are taken as they are (while operations of it are under way, after CADF_RECORDS_HOLD).',
  },
  CADF_RECORDS_HOLD: {
    type: 'duration',
    default: HOUR_MS,
    min: 1000,
    max: 24 * HOUR_MS,
    description:
      'Longest time that the beginnings of operations are remembered for their ends while something of the sender is always open and more than 20,000 records came since; else a day. A restart reads again as far back.',
    relation: 'at least CADF_RECORDS_IDLE',
  },
  CADF_RECORDS_MAX_SENDERS: {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    unit: 'senders',
    description:
      'Most senders per partition for which something is remembered; the most silent ones are forgotten first.',
  },
  CADF_RECORDS_RETENTION: {
    type: 'duration',
    min: MINUTE_MS,
    description:
      'How long raw records stay in the stream. Unset: 1h embedded (never dropped before they are normalized), CADF_STREAM_RETENTION on Kafka, where it must be longer than any outage.',
  },
});

type RecordConfig = Config<typeof recordSettings>;

/** What these settings must agree on; one sentence per fault. */
export function checkRecordSettings(config: RecordConfig): readonly string[] {
  const faults: string[] = [];
  for (const name of ['CADF_SYSLOG_UDP', 'CADF_SYSLOG_TCP', 'CADF_SYSLOG_TLS'] as const) {
    const text = config[name];
    if (text !== undefined && parseListenAddress(text) === undefined)
      faults.push(
        `${name} is ${JSON.stringify(text)}, expected a port or host:port, such as 6514 or 0.0.0.0:6514`,
      );
  }
  const { CADF_SYSLOG_TLS_CERT: cert, CADF_SYSLOG_TLS_KEY: key } = config;
  if ((cert === undefined) !== (key === undefined))
    faults.push('CADF_SYSLOG_TLS_CERT and CADF_SYSLOG_TLS_KEY go together: set both or neither');
  if (config.CADF_SYSLOG_TLS !== undefined && cert === undefined)
    faults.push('CADF_SYSLOG_TLS needs CADF_SYSLOG_TLS_CERT and CADF_SYSLOG_TLS_KEY');
  if (config.CADF_RECORDS_HOLD < config.CADF_RECORDS_IDLE)
    faults.push('CADF_RECORDS_HOLD must be at least CADF_RECORDS_IDLE');
  const security = readKafkaSecurity(config.CADF_KAFKA_SOURCES_SECURITY?.reveal());
  if ('fault' in security) faults.push(`CADF_KAFKA_SOURCES_SECURITY ${security.fault}`);
  return faults;
}
