/** A standalone service with some of everything, for questions made up from its API document. */
import { exampleEvent } from '@cadf-pipeline/service-kit';
import { ndjson, testEvent } from './events.ts';
import { startService, until } from './service.ts';
import type { TestService } from './service.ts';

const EVENTS = 60;
const FEED = 'audit-of-all';
/** A feed has its first segment when its first period has ended. */
const SEGMENT_MS = 60_000;

/** Ids of some of what it has. */
export interface SeededThings {
  readonly deadLetter: string;
  /** It is done. */
  readonly exportJob: string;
  /** It has a segment. */
  readonly feed: string;
}

export interface SeededService extends TestService {
  readonly known: SeededThings;
}

/** Throws when it cannot be filled. */
export async function startSeededService(): Promise<SeededService> {
  const service = await startService({ env: { CADF_TRUST_PROXY: '127.0.0.1' } });
  try {
    return { ...service, known: await fill(service) };
  } catch (error) {
    await service.kill();
    service.clean();
    throw error;
  }
}

async function fill(service: TestService): Promise<SeededThings> {
  async function send(method: string, path: string, type: string, body: string): Promise<string> {
    const response = await service.fetch(path, { method, body, headers: { 'content-type': type } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  }
  const json = (value: unknown): [string, string] => ['application/json', JSON.stringify(value)];
  await send('PUT', '/cadf/v1/admin/sources/kvm-1', ...json({ type: 'libvirt-audit', name: 'KVM host 1' }));
  await send('PUT', '/cadf/v1/admin/tenants/project-a', ...json({ name: 'Project A' }));
  const key = { id: 'auditor-a', name: 'Auditor', roles: ['query'], tenants: ['project-a'] };
  await send('POST', '/cadf/v1/admin/keys', ...json(key));
  const events = Array.from({ length: EVENTS }, (_, index) =>
    testEvent({
      eventTime: `2026-11-01T12:${String(index).padStart(2, '0')}:00.000000+00:00`,
      action: ['update', 'create', 'authenticate', 'read'][index % 4],
      outcome: index % 5 === 0 ? 'failure' : 'success',
    }),
  );
  const feed = { id: FEED, name: 'Of all', cadenceSeconds: 10 };
  await send('POST', '/cadf/v1/feeds', ...json(feed));
  await send('POST', '/cadf/v1/events', 'application/x-ndjson', ndjson([exampleEvent, ...events]));
  await send('POST', '/cadf/v1/sources/kvm-1/records', 'text/plain', 'no audit record\n');
  let deadLetter = '';
  await until(async () => {
    const count = await (await service.fetch("/cadf/v1/count?filter=observer/name='compute'")).text();
    const letters = (await (await service.fetch('/cadf/v1/dead-letters')).json()) as {
      readonly deadLetters: readonly { readonly id: string }[];
    };
    deadLetter = letters.deadLetters[0]?.id ?? '';
    return count === `{"count":${EVENTS + 1}}` && deadLetter !== '';
  });
  const asked = await send('POST', '/cadf/v1/exports', ...json({ format: 'cadf-ndjson' }));
  const { id: exportJob } = JSON.parse(asked) as { readonly id: string };
  await until(async () => {
    const job = await (await service.fetch(`/cadf/v1/exports/${exportJob}`)).text();
    const segments = await (await service.fetch(`/cadf/v1/feeds/${FEED}/segments`)).text();
    return job.includes('"status":"done"') && !segments.includes('"segments":[]');
  }, SEGMENT_MS);
  return { deadLetter, exportJob, feed: FEED };
}
