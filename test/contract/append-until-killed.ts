/** A process of its own that appends for ever and prints what was acknowledged, a line of JSON per append. */
import { writeSync } from 'node:fs';
import { createKafkaStream, createLmdbStream, type EventStream } from '@cadf-pipeline/event-stream';

interface Setup {
  readonly kind: 'lmdb' | 'kafka';
  readonly topic: string;
  readonly path?: string;
  readonly brokers?: string[];
  readonly client?: 'kafkajs' | 'platformatic';
}

const setup: Setup = JSON.parse(process.argv[2] ?? '{}');
const stream = open();
let next = 0;

async function caller(): Promise<void> {
  for (;;) {
    const values = Array.from({ length: 20 }, () => `value ${next++}`);
    await stream.append(setup.topic, {
      records: values.map((value) => ({ key: value, value: Buffer.from(value) })),
    });
    // Synchronous, so that the line is out before anything else happens.
    writeSync(1, `${JSON.stringify(values)}\n`);
  }
}

function open(): EventStream {
  if (setup.kind === 'lmdb') return createLmdbStream({ path: setup.path ?? '' });
  return createKafkaStream({ brokers: setup.brokers ?? [], client: setup.client ?? 'platformatic' });
}

await Promise.all([caller(), caller(), caller()]);
