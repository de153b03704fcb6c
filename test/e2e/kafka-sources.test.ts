/** Raw records of a Kafka topic, and syslog over the Kafka backend, on a real broker, through kills. */
import { connect } from 'node:net';
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaOrSkip } from '../support/kafka.ts';
import type { TestKafka } from '../support/kafka.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const kafka: TestKafka | undefined = await kafkaOrSkip();
const PARTITIONS = 3;
let cluster: EventStream;

beforeAll(() => {
  if (kafka !== undefined) cluster = createKafkaStream({ brokers: kafka.brokers });
});
afterAll(async () => {
  await cluster?.close();
  await kafka?.stop();
});

function auditLine(machine: string, serial: number, body = 'op=stop reason=destroyed'): string {
  const uuid = `3b0a8c9e-5d1f-4f63-9f2a-${machine.length}${String(serial).padStart(11, '0')}`;
  return (
    `type=VIRT_CONTROL msg=audit(${1_795_300_000 + serial}.000:${serial}): pid=1 uid=0 auid=4294967295 ses=4294967295 ` +
    `msg='virt=kvm ${body} vm="${machine}" uuid=${uuid} vm-pid=0 exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'`
  );
}

async function produce(topic: string, values: readonly string[]): Promise<void> {
  await cluster.append(topic, {
    records: values.map((value, index) => ({ key: String(index), value: Buffer.from(value) })),
  });
}

async function makeTopic(name: string): Promise<void> {
  await cluster.createTopics([{ name, partitions: PARTITIONS, cleanup: 'delete' }]);
}

async function register(on: TestService, id: string, definition: object): Promise<number> {
  const response = await on.fetch(`/cadf/v1/admin/sources/${id}`, {
    method: 'PUT',
    body: JSON.stringify({ type: 'libvirt-audit', name: id, ...definition }),
    headers: { 'content-type': 'application/json' },
  });
  return response.status;
}

interface Event {
  readonly target?: { readonly name?: string };
  readonly observer?: { readonly host?: { readonly id?: string } };
  readonly action: string;
  readonly attachments?: readonly unknown[];
}

async function events(on: TestService, prefix: string): Promise<Event[]> {
  const answer = await on.fetch('/cadf/v1/events?limit=10000&order=asc');
  const page = (await answer.json()) as { events: Event[] };
  return page.events.filter(({ target }) => target?.name?.startsWith(prefix) === true);
}

describe.skipIf(kafka === undefined).concurrent('a topic of raw records', () => {
  test(
    'of another cluster is read into the embedded shape: plain and JSON, through a kill, each once',
    { timeout: 120_000 },
    async () => {
      const brokers = kafka?.brokers ?? [];
      await makeTopic('shipped-logs');
      const half = 150;
      const lines = Array.from({ length: 2 * half }, (_, index) => {
        const line = auditLine(`vm-${index}-`, index);
        return index % 2 === 0 ? line : JSON.stringify({ host: `node-${index % 5}`, message: line });
      });
      await produce('shipped-logs', lines.slice(0, half));
      const env = { CADF_KAFKA_SOURCES_BROKERS: brokers.join(), CADF_LOG_LEVEL: 'info' };
      const first = await startService({ env });
      expect(await register(first, 'shipped', { kafka: { topic: 'shipped-logs', brokers } })).toBe(201);
      await until(async () => (await events(first, 'vm-')).length > 0, 60_000);
      await first.kill();
      await produce('shipped-logs', lines.slice(half));
      const second = await startService({ env, dataDir: first.dataDir });
      await until(
        async () => (await events(second, 'vm-')).length >= 2 * half,
        60_000,
        () => second.output().slice(-3000),
      );
      const found = await events(second, 'vm-');
      expect(found.map(({ target }) => target?.name ?? '').toSorted()).toEqual(
        Array.from({ length: 2 * half }, (_, index) => `vm-${index}-`).toSorted(),
      );
      expect(found.find(({ target }) => target?.name === 'vm-1-')?.observer?.host?.id).toBe('node-1');
      const committed = async (): Promise<number> =>
        [...(await cluster.committed('shipped-logs', 'cadf-source-shipped')).values()].reduce(
          (sum, next) => sum + next,
          0,
        );
      await until(async () => (await committed()) === 2 * half);
      expect(await second.stop()).toBe(0);
      second.clean();
    },
  );

  test(
    'is not read from brokers nobody allowed, nor from the pipeline’s own topics',
    { timeout: 60_000 },
    async () => {
      const service = await startService({
        env: { CADF_KAFKA_SOURCES_BROKERS: 'allowed:9092', CADF_LOG_LEVEL: 'info' },
      });
      const brokers = kafka?.brokers ?? [];
      expect(await register(service, 'elsewhere', { kafka: { topic: 'shipped-logs', brokers } })).toBe(201);
      await until(async () =>
        service.output().includes('is none of CADF_KAFKA_SOURCES_BROKERS (allowed:9092)'),
      );
      expect(await register(service, 'own', { kafka: { topic: 'shipped-logs' } })).toBe(201);
      await until(async () => service.output().includes('the embedded stream is no Kafka cluster'));
      expect(await register(service, 'inner', { kafka: { topic: 'cadf.control', brokers } })).toBe(400);
      expect(await register(service, 'group', { kafka: { topic: 'a', group: 'cadf-writer' } })).toBe(400);
      expect(await service.stop()).toBe(0);
      service.clean();
    },
  );
});

describe.skipIf(kafka === undefined).concurrent('with the stream on Kafka', () => {
  test(
    'a topic of the own cluster and syslog are read, and what is held survives a kill',
    { timeout: 180_000 },
    async () => {
      await makeTopic('own-logs');
      await produce('own-logs', [auditLine('own-1', 1), auditLine('own-2', 2)]);
      const env = {
        CADF_KAFKA_BROKERS: (kafka?.brokers ?? []).join(),
        CADF_STREAM_PARTITIONS: '2',
        CADF_SYSLOG_TCP: '0',
        CADF_RECORDS_IDLE: '1h',
        CADF_LOG_LEVEL: 'info',
      };
      const send = async (on: TestService, lines: readonly string[]): Promise<void> => {
        const port = /"port":(\d+)[^\n]*listening for syslog/.exec(on.output())?.[1];
        const socket = connect({ host: '127.0.0.1', port: Number(port) });
        socket.end(lines.map((line) => `${line}\n`).join(''));
        await new Promise((closed) => socket.once('close', closed));
      };
      const first = await startService({ env });
      expect(await register(first, 'own', { kafka: { topic: 'own-logs' } })).toBe(201);
      expect(await register(first, 'host', { listen: { syslog: ['127.0.0.1'] } })).toBe(201);
      const start = auditLine('held-vm', 10, 'op=start reason=booted');
      const disk = auditLine('held-vm', 10, 'resrc=disk reason=start old-disk="?" new-disk="/d.img"')
        .replace('VIRT_CONTROL', 'VIRT_RESOURCE')
        .replace(':10)', ':9)');
      await send(first, [disk, auditLine('other', 11)]);
      await until(
        async () => (await events(first, 'other')).length === 1,
        60_000,
        () => first.output().slice(-3000),
      );
      await until(async () => (await events(first, 'own-')).length === 2, 60_000);
      await new Promise((resume) => setTimeout(resume, 1500));
      await first.kill();
      const second = await startService({ env, dataDir: first.dataDir });
      await send(second, [start]);
      await until(
        async () => (await events(second, 'held-vm')).length > 0,
        90_000,
        () => second.output().slice(-3000),
      );
      const found = await events(second, 'held-vm');
      expect(found.map(({ action }) => action)).toEqual(['start']);
      expect(await events(second, 'other')).toHaveLength(1);
      expect(await events(second, 'own-')).toHaveLength(2);
      expect(await second.stop()).toBe(0);
      second.clean();
    },
  );
});
