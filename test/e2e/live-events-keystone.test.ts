/** Readers of live events by tokens of Keystone: what Keystone says of them holds for as long as they read. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventOf } from '../support/flow.ts';
import { startKeystone } from '../support/keystone.ts';
import type { TestKeystone } from '../support/keystone.ts';
import { readLive } from '../support/live-reader.ts';
import type { LiveReader } from '../support/live-reader.ts';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

let keystone: TestKeystone;
let service: TestService;

beforeAll(async () => {
  keystone = await startKeystone({ user: { name: 'audit', password: 'secret' } });
  service = await startService({
    env: {
      CADF_LOG_LEVEL: 'error',
      CADF_KEYSTONE_URL: keystone.url,
      CADF_KEYSTONE_USERNAME: 'audit',
      CADF_KEYSTONE_PASSWORD: 'secret',
      CADF_KEYSTONE_PROJECT: 'service',
      CADF_KEYSTONE_CACHE: '0s',
    },
  });
});
afterAll(async () => {
  await service.stop();
  service.clean();
  await keystone.close();
});

async function follow(token: string, path = ''): Promise<LiveReader> {
  keystone.issue(token, { userId: 'u-1', roles: ['audit_viewer'], project: { id: 'project-a' } });
  const reader = await readLive(service, path, { key: token });
  onTestFinished(() => reader.drop());
  await reader.until(() => reader.lastId !== '');
  return reader;
}

async function submit(tenant: string): Promise<string> {
  const event = eventOf(tenant);
  const answer = await service.fetch('/cadf/v1/events', {
    method: 'POST',
    body: JSON.stringify(event),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(202);
  return event.id;
}

test('a token reads the events of its project until Keystone says that it is revoked', async () => {
  const reader = await follow('gAAAAABrevoked-later');
  await submit('project-b');
  const own = await submit('project-a');
  await reader.until(() => reader.messages.length === 1);
  expect(reader.ids()).toEqual([own]);
  keystone.revoke('gAAAAABrevoked-later');
  await reader.until(() => reader.closed);
  expect(reader.end).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a token that is given another project is shown that one from then on', async () => {
  const token = 'gAAAAABmoved-later';
  const reader = await follow(token);
  const before = keystone.asked.length;
  keystone.issue(token, { userId: 'u-1', roles: ['audit_viewer'], project: { id: 'project-b' } });
  await reader.until(() => keystone.asked.length > before + 1);
  await submit('project-a');
  const own = await submit('project-b');
  await reader.until(() => reader.messages.length === 1);
  expect(reader.ids()).toEqual([own]);
});

test('nothing is given while Keystone does not say, and what came meanwhile is given when it does', async () => {
  const token = 'gAAAAABin-an-outage';
  const reader = await follow(token);
  keystone.fault = 'error';
  onTestFinished(() => void (keystone.fault = undefined));
  const before = keystone.asked.length;
  await reader.until(() => keystone.asked.length > before + 1);
  const held = await submit('project-a');
  const since = keystone.asked.length;
  await reader.until(() => keystone.asked.length > since + 4);
  expect([reader.messages, reader.closed]).toEqual([[], false]);
  keystone.fault = undefined;
  await reader.until(() => reader.messages.length === 1);
  expect(reader.ids()).toEqual([held]);
});
