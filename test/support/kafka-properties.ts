/** How a Kafka for tests is set up: one node that is broker and controller (KRaft), quick to form groups and to clean up. */
import { join } from 'node:path';

export interface TestKafkaOptions {
  /** Makes the broker ask for a user and password: SASL/PLAIN and SCRAM-SHA-256 and -512, without TLS. */
  readonly sasl?: {
    readonly username: string;
    readonly password: string;
    /** Other users (SASL/PLAIN): they may do what ACLs allow them, the first one everything. Passwords by name. */
    readonly users?: Readonly<Record<string, string>>;
  };
  /**
   * Makes the broker speak TLS and ask for a client certificate: a PEM file with its key (PKCS #8) and certificate, which
   * is the authority of clients, too. Not together with `sasl`.
   */
  readonly tls?: { readonly file: string };
}

/** The text of its `server.properties`. */
export function serverProperties(
  folder: string,
  port: number,
  controllerPort: number,
  options: TestKafkaOptions,
): string {
  const { sasl, tls } = options;
  const protocol = tls === undefined ? (sasl === undefined ? 'PLAINTEXT' : 'SASL_PLAINTEXT') : 'SSL';
  const lines = [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=CLIENT://127.0.0.1:${port}`,
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENT:${protocol}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=CLIENT',
    `log.dirs=${join(folder, 'data')}`,
    'auto.create.topics.enable=false',
    'num.partitions=1',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    // A killed broker may come back at once instead of waiting for its old session to end.
    'broker.session.timeout.ms=6000',
    'broker.heartbeat.interval.ms=500',
    // Tests form groups all the time and need not wait for more members.
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    // Compaction and retention act within a test's patience.
    'log.cleaner.backoff.ms=500',
    'log.retention.check.interval.ms=1000',
    'log.cleaner.dedupe.buffer.size=4194304',
    'num.network.threads=2',
    'num.io.threads=2',
  ];
  if (tls !== undefined)
    lines.push(
      'ssl.keystore.type=PEM',
      `ssl.keystore.location=${tls.file}`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${tls.file}`,
      'ssl.client.auth=required',
    );
  if (sasl !== undefined) {
    const users = Object.entries({ ...sasl.users, [sasl.username]: sasl.password })
      .map(([name, password]) => `user_${name}="${password}"`)
      .join(' ');
    lines.push(
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'sasl.mechanism.inter.broker.protocol=PLAIN',
      `listener.name.client.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${sasl.username}" password="${sasl.password}" ${users};`,
      'listener.name.client.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.client.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
    );
    if (sasl.users !== undefined)
      lines.push(
        'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // The controller's listener asks for no password.
        `super.users=User:${sasl.username};User:ANONYMOUS`,
      );
  }
  return `${lines.join('\n')}\n`;
}
