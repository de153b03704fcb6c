/** Brokers that speak TLS and ask who one is: with the right authority and certificate, and without. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import type { KafkaTls } from '../kafka/kafka-target.ts';
import { createKafkaSink } from './kafka-sink.ts';
import { numberedBatch } from './outgoing.test-support.ts';
import type { SendResult } from './sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'cadf-kafka-tls-'));
const never = new AbortController().signal;

function certify(name: string): { cert: string; key: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const request = 'req -x509 -newkey rsa:2048 -nodes -days 2';
  const more = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert, ...more], {
    stdio: 'ignore',
    timeout: 30_000,
  });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

const broker = certify('broker');
const stranger = certify('stranger');
const file = join(folder, 'broker.pem');
writeFileSync(file, broker.key + broker.cert);
const kafka = await kafkaOrSkip({ tls: { file } });
afterAll(async () => {
  await kafka?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(kafka === undefined)('brokers that speak TLS', () => {
  const brokers = (kafka?.brokers ?? []).map((address) => address.replace('127.0.0.1', 'localhost'));

  async function deliver(tls: KafkaTls | undefined, attemptMs: number): Promise<SendResult> {
    const sink = createKafkaSink({
      topic: 'audit',
      cluster: { brokers, ...(tls === undefined ? {} : { tls }) },
      rules: { addresses: { allowPrivate: true }, topicPrefix: undefined, tenants: [] },
      ownCluster: undefined,
      attemptMs,
    });
    onTestFinished(() => sink.close());
    return sink.send(numberedBatch(0, 3), { number: 1 }, never);
  }

  test('a subscription that trusts their authority and shows its certificate delivers; no other does', async () => {
    const stream = createKafkaStream({ brokers, tls: { ca: broker.cert, ...broker } });
    onTestFinished(() => stream.close());
    await stream.createTopics([{ name: 'audit', partitions: 1, cleanup: 'delete' }]);
    expect(await deliver({ ca: broker.cert, ...broker }, 15_000)).toMatchObject({ outcome: 'delivered' });
    // Their authority is not known, is another one; no certificate of ours, one they do not know; no TLS.
    for (const tls of [
      { ...broker },
      { ca: stranger.cert, ...broker },
      { ca: broker.cert },
      { ca: broker.cert, ...stranger },
      undefined,
    ])
      expect(await deliver(tls, 1_000)).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/\.$/),
      });
    expect((await stream.bounds('audit')).get(0)?.next).toBe(3);
  });
});
