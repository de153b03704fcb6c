/** Events that a subscription carries by syslog into the product's own listeners: what comes out is what went in. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syslogLine } from '@cadf-pipeline/event-formats';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  numberedBatch,
  outgoingBatch,
  tailEvent,
} from '../../services/export/src/sinks/outgoing.test-support.ts';
import { createSyslogSink, type SyslogSinkOptions } from '../../services/export/src/sinks/syslog-sink.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'cadf-syslog-sink-'));
const file = (name: string): string => join(folder, name);
const never = new AbortController().signal;
let service: TestService;

beforeAll(async () => {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=siem';
  const files = ['-keyout', file('siem.key'), '-out', file('siem.crt')];
  execFileSync('openssl', [...request.split(' '), ...files, '-addext', 'subjectAltName=IP:127.0.0.1'], {
    stdio: 'ignore',
    timeout: 20_000,
  });
  service = await startService({
    env: {
      CADF_LOG_LEVEL: 'info',
      CADF_SYSLOG_TCP: '0',
      CADF_SYSLOG_TLS: '0',
      CADF_SYSLOG_TLS_CERT: file('siem.crt'),
      CADF_SYSLOG_TLS_KEY: file('siem.key'),
    },
  });
});
afterAll(async () => {
  await service?.stop();
  service?.clean();
  rmSync(folder, { recursive: true, force: true });
});

function portOf(transport: string): number {
  const found = new RegExp(`"transport":"${transport}"[^\\n]*"port":(\\d+)[^\\n]*listening for syslog`);
  return Number(found.exec(service.output())?.[1]);
}

/** No source lists the sender: each message is kept as it came, as a dead letter. */
async function received(batch: string): Promise<string[]> {
  const answer = (await (await service.fetch('/cadf/v1/dead-letters?limit=1000')).json()) as {
    deadLetters: { base64: string }[];
  };
  return answer.deadLetters
    .map(({ base64 }) => Buffer.from(base64, 'base64').toString())
    .filter((text) => text.includes(`batch="${batch}"`))
    .toSorted();
}

test.each([
  ['tcp', 'json'],
  ['tcp', 'cef'],
  ['tls', 'json'],
  ['tls', 'cef'],
] as const)('over %s as %s', async (transport, format) => {
  const options: SyslogSinkOptions = {
    host: '127.0.0.1',
    port: portOf(transport),
    format,
    rules: { allowPrivate: true },
    ...(transport === 'tls' ? { tls: { ca: readFileSync(file('siem.crt'), 'utf8') } } : {}),
  };
  const sink = createSyslogSink(options);
  onTestFinished(() => sink.close());
  const id = `batch-${transport}-${format}`;
  const odd = tailEvent(99, { name: 'Grüße | = \\ ] "\n', target: { id: '日本', name: '😀' } });
  const batch = outgoingBatch([...numberedBatch(0, 50).events, odd], id);
  expect(await sink.send(batch, { number: 1 }, never)).toMatchObject({ outcome: 'delivered' });
  const wanted = batch.events.map((event) =>
    syslogLine(event, { format, parameters: { subscription: 'sub-1', batch: id } }).toString(),
  );
  await until(async () => (await received(id)).length === wanted.length);
  expect(await received(id)).toEqual(wanted.toSorted());
});
